import type { Rule } from '../../pipeline/rules.ts'
import { usableRules } from '../../pipeline/rules-file.ts'
import { appendAudit, canonical } from '../audit.ts'
import type { Db, Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'

export type RuleState = 'proposed' | 'live' | 'retired' | 'rejected'

export interface RuleVersion {
  ruleId: string
  version: number
  body: Rule
  state: RuleState
  why: string
  createdBy: number | null
  createdAt: number
  decidedBy: number | null
  decidedAt: number | null
  decidedWhy: string | null
}

/**
 * Rules of config/rules.yaml as version 1, where the table is still empty. One that is wrong stops no start: it is left
 * out, and what is wrong with it is answered, to be said aloud (left-out.ts goes on saying it).
 */
export async function seedRules(trx: Trx, text: string, at: number): Promise<string[]> {
  const known = await trx.selectFrom('rule_version').select('rule_id').limit(1).executeTakeFirst()
  if (known) return []
  const { rules, faults } = usableRules(text)
  for (const rule of rules) await addVersion(trx, rule, 'live', '随程序提供', null, at)
  if (rules.length || !(await lexiconVersion(trx))) await turnLexicon(trx, at, null, '随程序提供')
  return faults.map(fault => fault.text)
}

/** Ids that a rule has, in whatever state. */
export async function ruleIds(db: Db): Promise<Set<string>> {
  const rows = await db.selectFrom('rule_version').select('rule_id').distinct().execute()
  return new Set(rows.map(({ rule_id }) => rule_id))
}

async function addVersion(
  trx: Trx,
  rule: Rule,
  state: RuleState,
  why: string,
  by: number | null,
  at: number,
): Promise<number> {
  const last = await trx
    .selectFrom('rule_version')
    .select(eb => eb.fn.max('version').as('version'))
    .where('rule_id', '=', rule.id)
    .executeTakeFirst()
  const version = Number(last?.version ?? 0) + 1
  await trx
    .insertInto('rule_version')
    .values({
      rule_id: rule.id,
      version,
      body: JSON.stringify(rule),
      state,
      why,
      created_by: by,
      created_at: at,
      decided_by: null,
      decided_at: null,
      decided_why: null,
    })
    .execute()
  return version
}

/** The worker builds its pipeline anew. */
export async function turnLexicon(trx: Trx, at: number, by: number | null, what: string): Promise<number> {
  const version = (await lexiconVersion(trx)) + 1
  await trx.insertInto('lexicon').values({ version, at, person_id: by, what }).execute()
  return version
}

/** Changes whenever the set of live rules does; 0 before the first. */
export async function lexiconVersion(db: Db): Promise<number> {
  const row = await db
    .selectFrom('lexicon')
    .select(eb => eb.fn.max('version').as('version'))
    .executeTakeFirst()
  return Number(row?.version ?? 0)
}

const toVersion = (row: {
  rule_id: string
  version: number
  body: string
  state: string
  why: string
  created_by: number | null
  created_at: number
  decided_by: number | null
  decided_at: number | null
  decided_why: string | null
}): RuleVersion => ({
  ruleId: row.rule_id,
  version: row.version,
  body: JSON.parse(row.body) as Rule,
  state: row.state as RuleState,
  why: row.why,
  createdBy: row.created_by,
  createdAt: row.created_at,
  decidedBy: row.decided_by,
  decidedAt: row.decided_at,
  decidedWhy: row.decided_why,
})

export async function ruleVersions(db: Db, ruleId?: string): Promise<RuleVersion[]> {
  const rows = await db
    .selectFrom('rule_version')
    .selectAll()
    .$if(ruleId !== undefined, q => q.where('rule_id', '=', ruleId as string))
    .orderBy('rule_id')
    .orderBy('version', 'desc')
    .execute()
  return rows.map(toVersion)
}

/** What the worker analyses with, always in the same order. */
export async function liveRules(db: Db): Promise<{ rule: Rule; version: number }[]> {
  const rows = await db
    .selectFrom('rule_version')
    .selectAll()
    .where('state', '=', 'live')
    .orderBy('rule_id')
    .execute()
  return rows.map(row => ({ rule: JSON.parse(row.body) as Rule, version: row.version }))
}

/** @throws AppError notFound. */
export async function ruleVersion(db: Db, ruleId: string, version: number): Promise<RuleVersion> {
  const row = await db
    .selectFrom('rule_version')
    .selectAll()
    .where('rule_id', '=', ruleId)
    .where('version', '=', version)
    .executeTakeFirst()
  if (!row) throw new AppError('notFound')
  return toVersion(row)
}

const audit = (trx: Trx, ruleId: string, actorId: number, at: number, action: string, detail: object) =>
  appendAudit(trx, { caseKind: 'rule', caseId: ruleId, at, actorId, forId: null, action, detail })

/**
 * Proposals and decisions one after another until the transaction ends: what reads before it writes sees what a request
 * sent at the same moment wrote. Any row that always exists does; SQLite writes one at a time anyway.
 */
export const takeTurn = (trx: Trx) =>
  trx
    .updateTable('lexicon')
    .set(eb => ({ what: eb.ref('what') }))
    .where('version', '=', 1)
    .execute()

/** The newest version of a rule that waits for 办公室, where it says the same; null = none, or another. */
export function pendingSame(versions: readonly RuleVersion[], rule: Rule): RuleVersion | null {
  const pending = versions.find(({ ruleId, state }) => ruleId === rule.id && state === 'proposed')
  return pending && canonical(pending.body) === canonical(rule) ? pending : null
}

/** That a new rule takes no other's id; sent twice, it is its own. @throws AppError rule.exists naming the other. */
export async function requireUnused(trx: Trx, rule: Rule): Promise<void> {
  await takeTurn(trx)
  const versions = await ruleVersions(trx, rule.id)
  const [newest] = versions
  if (!newest || (versions.length === 1 && pendingSame(versions, rule))) return
  throw new AppError('rule.exists', {
    message: `编号「${rule.id}」已经用于规则「${newest.body.name}」，请换一个编号，或打开那条规则修改。`,
  })
}

/**
 * A new version that waits for 办公室 (design §5.9). Returns its number; sent twice, the same one.
 * @throws AppError rule.same where the live version says the same.
 */
export async function proposeRule(
  trx: Trx,
  rule: Rule,
  why: string,
  actorId: number,
  at: number,
): Promise<number> {
  await takeTurn(trx)
  const versions = await ruleVersions(trx, rule.id)
  const same = pendingSame(versions, rule)
  if (same) return same.version
  const live = versions.find(({ state }) => state === 'live')
  if (live && canonical(live.body) === canonical(rule)) throw new AppError('rule.same')
  const version = await addVersion(trx, rule, 'proposed', why, actorId, at)
  await audit(trx, rule.id, actorId, at, 'propose', { version, why, rule })
  return version
}

/** Live -> retired, proposed -> live; the lexicon turns. @throws AppError rule.decided. */
export async function makeLive(
  trx: Trx,
  found: RuleVersion,
  why: string,
  actorId: number,
  at: number,
): Promise<void> {
  await takeTurn(trx)
  await decide(trx, found.ruleId, 'live', 'retired', actorId, at, `由第 ${found.version} 版取代`)
  await decideVersion(trx, found, 'live', actorId, at, why)
  await turnLexicon(trx, at, actorId, `启用「${found.body.name}」第 ${found.version} 版`)
  await audit(trx, found.ruleId, actorId, at, 'live', { version: found.version, why })
}

/** @throws AppError rule.decided. */
export async function rejectRule(
  trx: Trx,
  found: RuleVersion,
  why: string,
  actorId: number,
  at: number,
): Promise<void> {
  await decideVersion(trx, found, 'rejected', actorId, at, why)
  await audit(trx, found.ruleId, actorId, at, 'reject', { version: found.version, why })
}

/** The live version out of use; it stays in the list and can be proposed again. @throws AppError notFound. */
export async function retireRule(
  trx: Trx,
  ruleId: string,
  why: string,
  actorId: number,
  at: number,
): Promise<void> {
  await takeTurn(trx)
  const changed = await decide(trx, ruleId, 'live', 'retired', actorId, at, why)
  if (!changed) throw new AppError('notFound')
  await turnLexicon(trx, at, actorId, `停用规则 ${ruleId}`)
  await audit(trx, ruleId, actorId, at, 'retire', { why })
}

async function decide(
  trx: Trx,
  ruleId: string,
  from: RuleState,
  to: RuleState,
  by: number,
  at: number,
  why: string,
): Promise<number> {
  const rows = await trx
    .updateTable('rule_version')
    .set({ state: to, decided_by: by, decided_at: at, decided_why: why })
    .where('rule_id', '=', ruleId)
    .where('state', '=', from)
    .returning('version')
    .execute()
  return rows.length
}

/** @throws AppError rule.decided where it waits no more. */
async function decideVersion(
  trx: Trx,
  { ruleId, version }: RuleVersion,
  state: RuleState,
  by: number,
  at: number,
  why: string,
): Promise<void> {
  const decided = await trx
    .updateTable('rule_version')
    .set({ state, decided_by: by, decided_at: at, decided_why: why })
    .where('rule_id', '=', ruleId)
    .where('version', '=', version)
    .where('state', '=', 'proposed')
    .returning('version')
    .execute()
  if (!decided.length) throw new AppError('rule.decided')
}
