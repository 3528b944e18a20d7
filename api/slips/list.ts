import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely'
import type { Actor } from '../auth.ts'
import type { Db } from '../db/open.ts'
import type { Schema } from '../db/schema.ts'
import { maskPersonal } from '../mask.ts'
import { unitNames } from '../people/unit-store.ts'
import { SLIP_STATES, type SlipState } from '../vocabulary.ts'
import { listItem, slipNames } from './list-item.ts'
import { scopeOf } from './relations.ts'
import type { SimilarSlip, SlipListItem } from './routes.ts'
import { loadSlips } from './store.ts'

export interface SlipFilter {
  status?: string
  open?: boolean
  unit?: number
  level?: string
  text?: string
  /** Found from, and before, epoch ms. */
  foundFrom?: number
  foundBefore?: number
  cursor?: number
  limit: number
}

const CLOSED = ['archived', 'void']
const OPEN = Object.keys(SLIP_STATES).filter(status => !CLOSED.includes(status))

/** The slips that this person may see (maySee of relations.ts, in SQL), in any query that has `slip`. */
export function inScope(actor: Actor): Expression<SqlBool> {
  const eb = expressionBuilder<Schema, 'slip'>()
  const scope = scopeOf(actor)
  if (!scope) return eb.lit(true)
  const units = [0, ...scope.unitIds]
  return eb.or([
    eb('slip.created_by', 'in', scope.personIds),
    eb('slip.unit_id', 'in', units),
    eb('slip.lead_unit_id', 'in', units),
    // 协办: a JSON list of ids, matched with its delimiters.
    ...scope.unitIds.map(id =>
      eb(sql<string>`replace(replace(slip.co_units, '[', ','), ']', ',')`, 'like', `%,${id},%`),
    ),
  ])
}

/** Newest first; `cursor` = smallest id of the page before. */
export async function slipIds(db: Db, actor: Actor, filter: SlipFilter): Promise<number[]> {
  let query = db.selectFrom('slip').select('id').where(inScope(actor))
  if (filter.status) query = query.where('status', '=', filter.status)
  if (filter.open) query = query.where('status', 'in', OPEN)
  if (filter.level) query = query.where('level', '=', filter.level)
  const { unit, text, foundFrom, foundBefore } = filter
  if (foundFrom !== undefined) query = query.where('found_at', '>=', foundFrom)
  if (foundBefore !== undefined) query = query.where('found_at', '<', foundBefore)
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

/** Slips whose clock runs, the soonest deadline first, those without one last. */
export async function runningClockIds(db: Db, actor: Actor, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('slip')
    .innerJoin('slip_clock as c', 'c.slip_id', 'slip.id')
    .select(['c.slip_id', 'c.due_at'])
    .where(inScope(actor))
    .where('c.stopped_at', 'is', null)
    .where('slip.status', 'not in', CLOSED)
    .orderBy(eb => eb.fn.coalesce('c.due_at', eb.val(Number.MAX_SAFE_INTEGER)))
    .orderBy('c.slip_id')
    .limit(limit)
    .execute()
  return [...new Set(rows.map(row => row.slip_id))]
}

export async function slipList(
  db: Db,
  actor: Actor,
  filter: SlipFilter,
  now: number,
): Promise<{ items: SlipListItem[]; next: string | null }> {
  const ids = await slipIds(db, actor, { ...filter, limit: filter.limit + 1 })
  const page = await loadSlips(db, ids.slice(0, filter.limit))
  const names = await slipNames(db, [])
  const last = page.at(-1)
  return {
    items: page.map(whole => listItem(whole, names, now)),
    next: ids.length > filter.limit && last ? String(last.slip.id) : null,
  }
}

/** How much of two titles' pairs of characters must be shared to be called alike. */
const ALIKE = 0.6
const RECENT = 500

/** S-9: open slips with the same address or much the same title, offered before a second one is made. */
export async function similarSlips(db: Db, input: { url?: string; title?: string }): Promise<SimilarSlip[]> {
  const rows = await db
    .selectFrom('slip')
    .select(['id', 'number', 'title', 'status', 'unit_id'])
    .where('status', 'not in', CLOSED)
    .orderBy('id', 'desc')
    .limit(RECENT)
    .execute()
  const { url } = input
  const sameUrl = new Set(
    url
      ? (
          await db
            .selectFrom('slip_post')
            .select('slip_id')
            .where('url', '=', url)
            .where('detached_at', 'is', null)
            .execute()
        ).map(({ slip_id }) => slip_id)
      : [],
  )
  const units = await unitNames(db)
  return rows.flatMap(row => {
    const because = sameUrl.has(row.id)
      ? 'url'
      : alike(row.title, input.title ?? '') >= ALIKE
        ? 'title'
        : null
    if (!because) return []
    return [
      {
        slipId: row.id,
        number: row.number,
        title: maskPersonal(row.title),
        status: row.status as SlipState,
        unit: units.get(row.unit_id) ?? '',
        because,
      },
    ]
  })
}

function pairsOf(text: string): Set<string> {
  const chars = [...text.replace(/[\s\p{P}]/gu, '')]
  return new Set(chars.slice(1).map((char, at) => `${chars[at]}${char}`))
}

/** Share of common character pairs, 0 to 1 (Dice). */
export function alike(a: string, b: string): number {
  const [left, right] = [pairsOf(a), pairsOf(b)]
  if (!left.size || !right.size) return 0
  return (2 * [...left].filter(pair => right.has(pair)).length) / (left.size + right.size)
}
