import type { Db } from '../db/open.ts'
import type { SlipListItem } from './routes.ts'
import { loadSlip, type WholeSlip } from './store.ts'
import { listItem, slipNames } from './view.ts'

export interface SlipFilter {
  status?: string
  open?: boolean
  unit?: number
  level?: string
  text?: string
  cursor?: number
  limit: number
}

const CLOSED = ['archived', 'void']

/** Newest first; `cursor` = smallest id of the page before. */
export async function slipIds(db: Db, filter: SlipFilter): Promise<number[]> {
  let query = db.selectFrom('slip').select('id')
  if (filter.status) query = query.where('status', '=', filter.status)
  if (filter.open) query = query.where('status', 'not in', CLOSED)
  if (filter.level) query = query.where('level', '=', filter.level)
  const { unit, text } = filter
  if (unit !== undefined)
    query = query.where(eb => eb.or([eb('unit_id', '=', unit), eb('lead_unit_id', '=', unit)]))
  if (text?.trim()) {
    const like = `%${text.trim().replace(/[%_]/g, '')}%`
    query = query.where(eb =>
      eb.or([eb('title', 'like', like), eb('number', 'like', like), eb('summary', 'like', like)]),
    )
  }
  if (filter.cursor !== undefined) query = query.where('id', '<', filter.cursor)
  const rows = await query.orderBy('id', 'desc').limit(filter.limit).execute()
  return rows.map(({ id }) => id)
}

export async function wholeSlips(db: Db, ids: readonly number[]): Promise<WholeSlip[]> {
  const list: WholeSlip[] = []
  for (const id of ids) list.push(await loadSlip(db, id))
  return list
}

export async function slipList(
  db: Db,
  filter: SlipFilter,
  now: number,
): Promise<{ items: SlipListItem[]; next: string | null }> {
  const ids = await slipIds(db, { ...filter, limit: filter.limit + 1 })
  const page = await wholeSlips(db, ids.slice(0, filter.limit))
  const names = await slipNames(db, [])
  const last = page.at(-1)
  return {
    items: page.map(whole => listItem(whole, names, now)),
    next: ids.length > filter.limit && last ? String(last.slip.id) : null,
  }
}
