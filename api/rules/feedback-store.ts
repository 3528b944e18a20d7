import { appendAudit } from '../audit.ts'
import type { Db, Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import type { BacktestResult } from './backtest.ts'
import { type Decision, type LearnedWord, taught } from './feedback-rules.ts'
import { takeTurn, turnLexicon } from './store.ts'

export type FeedbackState = 'proposed' | 'live' | 'retired' | 'rejected' | 'replaced'

/** What the set would have changed in the last 30 days, decided posts apart. */
export interface FeedbackEffect extends BacktestResult {
  /** Posts that staff kept and that would not have been shown. */
  keptLost: number
  /** Posts that staff dismissed and that would not have been shown. */
  dismissedSpared: number
}

export interface FeedbackSet {
  id: number
  words: LearnedWord[]
  /** Decisions that it was learned from. */
  kept: number
  dismissed: number
  effect: FeedbackEffect
  state: FeedbackState
  createdAt: number
  decidedBy: number | null
  decidedAt: number | null
  decidedWhy: string | null
}

/** Flags decided since then that say something about their words, oldest first. */
export async function decisionsSince(db: Db, since: number): Promise<Decision[]> {
  const rows = await db
    .selectFrom('flag as f')
    .innerJoin('post as p', 'p.id', 'f.post_id')
    .select(['f.post_id', 'f.state', 'f.reason', 'p.title', 'p.text'])
    .where('f.state', '!=', 'open')
    .where('f.decided_at', '>=', since)
    .orderBy('f.post_id')
    .execute()
  return rows.flatMap(({ post_id, state, reason, title, text }) => {
    const kept = taught(state, reason)
    return kept === null ? [] : [{ postId: post_id, text: `${title ?? ''}\n${text}`, kept }]
  })
}

/** Newest first. */
export async function feedbackSets(db: Db, limit = 20): Promise<FeedbackSet[]> {
  const rows = await db.selectFrom('feedback_set').selectAll().orderBy('id', 'desc').limit(limit).execute()
  return rows.map(row => ({
    id: row.id,
    words: JSON.parse(row.words) as LearnedWord[],
    kept: row.kept,
    dismissed: row.dismissed,
    effect: JSON.parse(row.effect) as FeedbackEffect,
    state: row.state,
    createdAt: row.created_at,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    decidedWhy: row.decided_why,
  }))
}

/** What the pipeline adds to its judgement now; empty where nothing was put in force. */
export async function liveFeedback(db: Db): Promise<LearnedWord[]> {
  const row = await db
    .selectFrom('feedback_set')
    .select('words')
    .where('state', '=', 'live')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row ? (JSON.parse(row.words) as LearnedWord[]) : []
}

/** A new set that waits for 办公室, in the place of one that nobody decided. Returns its id. */
export async function proposeFeedback(
  trx: Trx,
  set: Pick<FeedbackSet, 'words' | 'kept' | 'dismissed' | 'effect'>,
  at: number,
): Promise<number> {
  await trx.updateTable('feedback_set').set({ state: 'replaced' }).where('state', '=', 'proposed').execute()
  const { id } = await trx
    .insertInto('feedback_set')
    .values({
      words: JSON.stringify(set.words),
      kept: set.kept,
      dismissed: set.dismissed,
      effect: JSON.stringify(set.effect),
      state: 'proposed',
      created_at: at,
      decided_by: null,
      decided_at: null,
      decided_why: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Which states a set may leave for which: a retired one may come back, so that every step can be undone. */
const FROM: Record<'live' | 'retired' | 'rejected', readonly FeedbackState[]> = {
  live: ['proposed', 'retired', 'replaced'],
  retired: ['live'],
  rejected: ['proposed'],
}
const SAYS = { live: '启用值班反馈', retired: '停用值班反馈', rejected: '不采用值班反馈' } as const

/** Puts a set in force, out of it, or aside; the lexicon turns where judgement changes. @throws AppError rule.decided. */
export async function decideFeedback(
  trx: Trx,
  id: number,
  to: 'live' | 'retired' | 'rejected',
  decision: { why: string; actorId: number; at: number },
): Promise<void> {
  await takeTurn(trx)
  const { why, actorId, at } = decision
  const entry = { decided_by: actorId, decided_at: at, decided_why: why }
  const changed = await trx
    .updateTable('feedback_set')
    .set({ state: to, ...entry })
    .where('id', '=', id)
    .where('state', 'in', FROM[to])
    .returning('id')
    .execute()
  if (!changed.length) throw new AppError('rule.decided')
  if (to === 'live')
    await trx
      .updateTable('feedback_set')
      .set({ state: 'retired', ...entry, decided_why: `由第 ${id} 组取代` })
      .where('state', '=', 'live')
      .where('id', '!=', id)
      .execute()
  if (to !== 'rejected') await turnLexicon(trx, at, actorId, `${SAYS[to]}第 ${id} 组`)
  const caseId = `feedback-${id}`
  await appendAudit(trx, { caseKind: 'rule', caseId, at, actorId, forId: null, action: to, detail: { why } })
}
