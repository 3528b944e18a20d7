/**
 * Append-only audit, hash-chained per case (design §5): hash = SHA-256(previous hash + canonical JSON of the entry).
 * A daily root over the heads of all chains is chained to the day before, so that the whole can't be rewritten quietly.
 */
import { createHash } from 'node:crypto'
import type { Db, Trx } from './db/open.ts'

export type CaseKind =
  | 'slip'
  | 'post'
  | 'event'
  | 'person'
  | 'source'
  | 'account'
  | 'calendar'
  | 'rule'
  | 'system'
  /** What the system itself notes on a slip between the acts: apart from its own chain, which counts its versions. */
  | 'upkeep'
  /** Who read personal data unmasked, per slip or post: apart from its own chain, which counts its versions. */
  | 'reading'

/** Fields of rows as an act left them: table, key of the row, field. */
export type SealedRows = Record<string, Record<string, Record<string, unknown>>>

export interface AuditInput {
  caseKind: CaseKind
  caseId: string
  /** Epoch ms. */
  at: number
  /** null = the system itself. */
  actorId: number | null
  /** Principal, where a deputy acted. */
  forId: number | null
  action: string
  detail: object
  /** Rows that the act changed; kept in the detail, and apart from it again when read. */
  rows?: SealedRows | undefined
}

export interface AuditEntry extends AuditInput {
  seq: number
  /** The detail's text exactly as it was hashed. */
  sealedDetail: string
  hash: string
  prevHash: string
}

const GENESIS = '0'.repeat(64)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** JSON with sorted keys, so that the same content always has the same bytes. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(item => canonical(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}

interface Sealed {
  case_kind: string
  case_id: string
  seq: number
  at: number
  actor_id: number | null
  for_id: number | null
  action: string
  detail: string
}

const seal = (prevHash: string, row: Sealed): string =>
  sha256(
    prevHash +
      canonical([
        row.case_kind,
        row.case_id,
        row.seq,
        row.at,
        row.actor_id,
        row.for_id,
        row.action,
        row.detail,
      ]),
  )

/** Longer texts stand in an entry by their hash alone. */
const LONGEST = 60
export const sealedValue = (value: unknown): unknown =>
  typeof value === 'string' && value.length > LONGEST ? `sha256:${sha256(value)}` : value

const sealedRows = (rows: SealedRows): SealedRows =>
  mapValues(rows, byKey => mapValues(byKey, row => mapValues(row, sealedValue)))

function mapValues<A, B>(record: Record<string, A>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}

/**
 * Adds the next entry of a case's chain; call inside the transaction of the act itself. Whoever adds to the same chain
 * at the same moment waits for the other, and follows him.
 */
export async function appendAudit(trx: Trx, input: AuditInput): Promise<{ seq: number; hash: string }> {
  const detail = canonical(input.rows ? { ...input.detail, rows: sealedRows(input.rows) } : input.detail)
  for (;;) {
    const added = await appendOnce(trx, input, detail)
    if (added) return added
  }
}

/** null: another entry took the place meanwhile. */
async function appendOnce(
  trx: Trx,
  input: AuditInput,
  detail: string,
): Promise<{ seq: number; hash: string } | null> {
  const last = await trx
    .selectFrom('audit_entry')
    .select(['seq', 'hash'])
    .where('case_kind', '=', input.caseKind)
    .where('case_id', '=', input.caseId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const prevHash = last?.hash ?? GENESIS
  const row: Sealed = {
    case_kind: input.caseKind,
    case_id: input.caseId,
    seq: (last?.seq ?? 0) + 1,
    at: input.at,
    actor_id: input.actorId,
    for_id: input.forId,
    action: input.action,
    detail,
  }
  const hash = seal(prevHash, row)
  const added = await trx
    .insertInto('audit_entry')
    .values({ ...row, prev_hash: prevHash, hash })
    .onConflict(conflict => conflict.columns(['case_kind', 'case_id', 'seq']).doNothing())
    .returning('seq')
    .execute()
  return added.length ? { seq: row.seq, hash } : null
}

/** A case's chain, oldest first. */
export async function readAudit(db: Db, caseKind: CaseKind, caseId: string): Promise<AuditEntry[]> {
  const rows = await db
    .selectFrom('audit_entry')
    .selectAll()
    .where('case_kind', '=', caseKind)
    .where('case_id', '=', caseId)
    .orderBy('seq')
    .execute()
  return rows.map(row => {
    const { rows: sealed, ...detail } = JSON.parse(row.detail) as { rows?: SealedRows }
    return {
      caseKind,
      caseId,
      seq: row.seq,
      at: row.at,
      actorId: row.actor_id,
      forId: row.for_id,
      action: row.action,
      detail,
      rows: sealed,
      sealedDetail: row.detail,
      hash: row.hash,
      prevHash: row.prev_hash,
    }
  })
}

/** Keeps the heads of all chains under one hash; once a day (Shanghai), later calls of that day change nothing. */
export async function makeAuditRoot(trx: Trx, day: string, at: number): Promise<void> {
  const known = await trx.selectFrom('audit_root').select('day').where('day', '>=', day).executeTakeFirst()
  if (known) return
  const last = await trx
    .selectFrom('audit_root')
    .select('hash')
    .orderBy('day', 'desc')
    .limit(1)
    .executeTakeFirst()
  const chains = await chainHeads(trx)
  const prevHash = last?.hash ?? GENESIS
  const heads = canonical(chains)
  await trx
    .insertInto('audit_root')
    .values({
      day,
      made_at: at,
      chains: chains.length,
      heads,
      prev_hash: prevHash,
      hash: rootHash({ prev_hash: prevHash, day, made_at: at, heads }),
    })
    .execute()
}

const rootHash = (root: { prev_hash: string; day: string; made_at: number; heads: string }): string =>
  sha256(canonical([root.prev_hash, root.day, root.made_at, root.heads]))

/** As roots were hashed before they held the moment they were made at. */
const earlierRootHash = (root: { prev_hash: string; day: string; heads: string }): string =>
  sha256(root.prev_hash + root.day + root.heads)

type Head = [kind: string, id: string, seq: number, hash: string]

async function chainHeads(db: Db): Promise<Head[]> {
  const rows = await db
    .selectFrom('audit_entry as e')
    .select(['e.case_kind', 'e.case_id', 'e.seq', 'e.hash'])
    .where(eb =>
      eb(
        'e.seq',
        '=',
        eb
          .selectFrom('audit_entry as m')
          .select(sub => sub.fn.max('m.seq').as('seq'))
          .whereRef('m.case_kind', '=', 'e.case_kind')
          .whereRef('m.case_id', '=', 'e.case_id'),
      ),
    )
    .execute()
  const heads = rows.map(row => [row.case_kind, row.case_id, row.seq, row.hash] as Head)
  return heads.sort((a, b) => (a.slice(0, 2).join('\n') < b.slice(0, 2).join('\n') ? -1 : 1))
}

/** None where the text can no longer be read: the root's own hash names it. */
function headsOf(text: string): Head[] {
  try {
    return JSON.parse(text) as Head[]
  } catch {
    return []
  }
}

/** Recomputes every chain and every daily root; `problems` are Chinese sentences, empty = whole. */
export async function verifyAudit(
  db: Db,
): Promise<{ chains: number; entries: number; roots: number; problems: string[] }> {
  const problems: string[] = []
  const heads = new Map<string, { seq: number; hash: string }>()
  /** Hash of every entry that some root may name. */
  const hashes = new Map<string, string>()
  // Before the entries: what a root names that is made meanwhile is not among them yet.
  const roots = await db.selectFrom('audit_root').selectAll().orderBy('day').execute()
  let entries = 0
  const stream = db
    .selectFrom('audit_entry')
    .selectAll()
    .orderBy('case_kind')
    .orderBy('case_id')
    .orderBy('seq')
  for (const row of await stream.execute()) {
    entries++
    const chain = `${row.case_kind}\n${row.case_id}`
    const head = heads.get(chain) ?? { seq: 0, hash: GENESIS }
    const where = `${row.case_kind} ${row.case_id} 第${row.seq}条`
    if (row.seq !== head.seq + 1) problems.push(`${where}：前面缺少记录。`)
    else if (row.prev_hash !== head.hash) problems.push(`${where}：与上一条不衔接。`)
    if (seal(row.prev_hash, row) !== row.hash) problems.push(`${where}：内容被改动。`)
    heads.set(chain, { seq: row.seq, hash: row.hash })
    hashes.set(`${chain}\n${row.seq}`, row.hash)
  }
  let prevHash = GENESIS
  for (const root of roots) {
    const named = headsOf(root.heads)
    const isWhole =
      [rootHash(root), earlierRootHash(root)].includes(root.hash) && root.chains === named.length
    if (root.prev_hash !== prevHash || !isWhole) problems.push(`${root.day} 的日校验值被改动。`)
    for (const [kind, id, seq, hash] of named)
      if (hashes.get(`${kind}\n${id}\n${seq}`) !== hash)
        problems.push(`${kind} ${id} 第${seq}条：与 ${root.day} 的日校验值不符。`)
    prevHash = root.hash
  }
  return { chains: heads.size, entries, roots: roots.length, problems }
}
