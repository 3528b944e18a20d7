/**
 * What the rows of a slip say now against what its chains say was done: any field of any row that was changed past the
 * program, put in or taken away is named. `verify` prints what it finds.
 */
import type { SealedRows } from '../audit.ts'
import type { Db } from '../db/open.ts'
import { recipientsOfSlips } from '../notices/proof.ts'
import { differences, lastWords, rowsOf } from './seal.ts'
import { loadSlips, type WholeSlip } from './store.ts'
import { namedProblems } from './verify-named.ts'

export interface Entry {
  action: string
  detail: Record<string, unknown> & { rows?: SealedRows; after?: number }
}

interface ChainEntry extends Entry {
  kind: string
  caseId: string
  seq: number
}

const CHUNK = 200

/** `problems` are Chinese sentences that name table, row and field, empty = whole. */
export async function verifySlips(db: Db): Promise<{ slips: number; problems: string[] }> {
  const chains = await slipChains(db)
  const ids = (await db.selectFrom('slip').select('id').orderBy('id').execute()).map(({ id }) => id)
  const known = new Set(ids.map(String))
  const lost = chains.filter(id => !known.has(id)).map(id => `审计记录中的处理单（slip ${id}）已不存在。`)
  const found: string[] = []
  for (let at = 0; at < ids.length; at += CHUNK) {
    // As of one moment: an act between two queries would look like a change.
    const snapshot = db.transaction().setIsolationLevel('repeatable read')
    found.push(...(await snapshot.execute(trx => problemsIn(trx, ids.slice(at, at + CHUNK)))))
  }
  return { slips: ids.length, problems: [...lost, ...found] }
}

async function problemsIn(db: Db, ids: readonly number[]): Promise<string[]> {
  const entries = Map.groupBy(await entriesOf(db, ids), ({ caseId }) => caseId)
  const noted = await notedRows(db, ids)
  return (await loadSlips(db, ids)).flatMap(whole => {
    const { id, number } = whole.slip
    const rows = { ...rowsOf(whole), ...noted(id) }
    const problems = problemsOf(whole, rows, entries.get(String(id)) ?? [])
    return problems.map(problem => `处理单 ${number ?? id}：${problem}`)
  })
}

function problemsOf(whole: WholeSlip, found: SealedRows, entries: readonly ChainEntry[]): string[] {
  const acts = entries.filter(({ kind }) => kind === 'slip')
  // A case begun before entries carried rows: what they name, and by their words what was done.
  const begunSealed = acts[0]?.detail.rows !== undefined
  const told = lastWords(inOrder(entries).map(({ detail }) => detail.rows ?? {}))
  const last = acts.at(-1)?.seq ?? 0
  return [
    ...(whole.slip.version === last
      ? []
      : [`处理单（slip ${whole.slip.id}）的「version」是 ${whole.slip.version}，审计记录到第 ${last} 条。`]),
    ...differences(told, found, begunSealed),
    ...(begunSealed ? [] : namedProblems(whole, acts)),
  ]
}

/** Notes of the system stand behind the act that they came after, or behind the note before them. */
function inOrder(entries: readonly ChainEntry[]): ChainEntry[] {
  let after = 0
  const placed = entries.map(entry => {
    if (entry.kind === 'slip') return { entry, act: entry.seq }
    after = entry.detail.after ?? after
    return { entry, act: after }
  })
  // Stable, and both chains come by their numbers: the act first, then its notes.
  return placed
    .toSorted((a, b) => a.act - b.act || a.entry.kind.localeCompare(b.entry.kind))
    .map(({ entry }) => entry)
}

/** An entry that can no longer be read tells nothing here; the chain's own check names it. */
async function entriesOf(db: Db, ids: readonly number[]): Promise<ChainEntry[]> {
  const rows = await db
    .selectFrom('audit_entry')
    .select(['case_kind as kind', 'case_id as caseId', 'seq', 'action', 'detail'])
    .where('case_kind', 'in', ['slip', 'upkeep'])
    .where('case_id', 'in', ids.map(String))
    .orderBy('seq')
    .execute()
  return rows.map(({ detail, ...row }) => {
    try {
      return { ...row, detail: JSON.parse(detail) as Entry['detail'] }
    } catch {
      return { ...row, detail: {} }
    }
  })
}

/** Reminders, whom they went to, and evidence: what is noted between the acts. */
async function notedRows(db: Db, ids: readonly number[]): Promise<(slipId: number) => SealedRows> {
  const reminders = bySlip(
    await db.selectFrom('slip_reminder').selectAll().where('slip_id', 'in', ids).execute(),
  )
  const evidence = bySlip(await db.selectFrom('evidence').selectAll().where('slip_id', 'in', ids).execute())
  const recipients = await recipientsOfSlips(db, ids)
  return id => ({ slip_reminder: reminders(id), evidence: evidence(id), ...recipients.get(id) })
}

function bySlip<Row extends { id: number; slip_id: number | null }>(rows: readonly Row[]) {
  const groups = Map.groupBy(rows, ({ slip_id }) => slip_id)
  return (slipId: number): SealedRows[string] =>
    Object.fromEntries((groups.get(slipId) ?? []).map(row => [row.id, { ...row }]))
}

/** Ids as the chains have them; read before the slips, so that one made meanwhile is not missed. */
async function slipChains(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('audit_entry')
    .select('case_id')
    .distinct()
    .where('case_kind', '=', 'slip')
    .execute()
  return rows.map(({ case_id }) => case_id)
}
