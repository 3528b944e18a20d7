/** What the worker tries with its pipeline on request: one text, or a back-test. */
import { sql } from 'kysely'
import type { Analysis, Pipeline, Text } from '../../pipeline/post.ts'
import type { Rule } from '../../pipeline/rules.ts'
import type { Context } from '../context.ts'
import type { Db, Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { postsSinceCount } from '../posts/analysis-store.ts'
import { type BacktestResult, backtestStart, comparePipelines } from './backtest.ts'
import type { Lexicon } from './lexicon.ts'
import { withRule } from './rules.ts'

export interface TextTrial {
  text: Text
  /** A rule as it is being written; null = the live ones alone. */
  rule: Rule | null
}

export interface BacktestInput {
  ruleId: string
  version: number
  /** null = the effect of retiring the rule. */
  rule: Rule | null
}

export interface Trial {
  id: number
  kind: 'text' | 'backtest'
  state: 'waiting' | 'done' | 'failed'
  done: number
  total: number
  createdAt: number
  finishedAt: number | null
  input: TextTrial | BacktestInput
  result: Analysis | BacktestResult | { message: string } | null
}

export async function addTrial(
  trx: Trx,
  kind: Trial['kind'],
  input: TextTrial | BacktestInput,
  personId: number,
  at: number,
): Promise<number> {
  const { id } = await trx
    .insertInto('rule_trial')
    .values({
      kind,
      input: JSON.stringify(input),
      state: 'waiting',
      done: 0,
      total: 0,
      result: null,
      created_by: personId,
      created_at: at,
      finished_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** @throws AppError notFound. */
export async function trialById(db: Db, id: number): Promise<Trial> {
  const row = await db.selectFrom('rule_trial').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('notFound')
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    done: row.done,
    total: row.total,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    input: JSON.parse(row.input),
    result: row.result === null ? null : JSON.parse(row.result),
  }
}

/** The newest finished back-test of exactly this version; null where it was never tried. */
export async function backtestOf(db: Db, ruleId: string, version: number): Promise<BacktestResult | null> {
  const own = `${JSON.stringify({ ruleId, version }).slice(0, -1)},"rule":{`
  const found = await db
    .selectFrom('rule_trial')
    .select('result')
    .where('kind', '=', 'backtest')
    .where('state', '=', 'done')
    .where(eb => eb.fn('substr', ['input', sql.lit(1), sql.lit(own.length)]), '=', own)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return found?.result ? (JSON.parse(found.result) as BacktestResult) : null
}

/** Works off what waits, oldest first; killed half-way, a trial starts again from its beginning. */
export async function runTrials(context: Context, lexicon: Lexicon, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await runTexts(context, lexicon)
    const trial = await nextTrial(context.db, 'backtest')
    if (!trial) return
    await runTrial(context, trial, () => backtest(context, lexicon, trial, signal))
  }
}

/** A pasted text is waited for on screen: before any back-test, and in the midst of one. */
async function runTexts(context: Context, lexicon: Lexicon): Promise<void> {
  for (;;) {
    const trial = await nextTrial(context.db, 'text')
    if (!trial) return
    await runTrial(context, trial, () => tryText(lexicon, trial.input as TextTrial))
  }
}

async function nextTrial(db: Db, kind: Trial['kind']): Promise<Trial | null> {
  const waiting = await db
    .selectFrom('rule_trial')
    .select('id')
    .where('state', '=', 'waiting')
    .where('kind', '=', kind)
    .orderBy('id')
    .executeTakeFirst()
  return waiting ? trialById(db, waiting.id) : null
}

/** Where `work` answers null it was stopped: the trial goes on waiting. */
async function runTrial(
  context: Context,
  { id }: Trial,
  work: () => Promise<Analysis | BacktestResult | null>,
): Promise<void> {
  try {
    const result = await work()
    if (result) await finish(context, id, 'done', result)
  } catch (error) {
    context.log.error({ err: error, trial: id }, 'rule trial failed')
    await finish(context, id, 'failed', { message: (error as Error).message })
  }
}

const finish = ({ db, now }: Context, id: number, state: 'done' | 'failed', result: object) =>
  db
    .updateTable('rule_trial')
    .set({ state, result: JSON.stringify(result), finished_at: now() })
    .where('id', '=', id)
    .execute()

async function tryText(lexicon: Lexicon, { text, rule }: TextTrial): Promise<Analysis> {
  const pipeline = rule ? await lexicon.candidate(rules => withRule(rules, rule)) : await lexicon.current()
  return pipeline.analyse(text)
}

/** Live rules against live rules with the change, over the same posts. Null where it was stopped. */
async function backtest(
  context: Context,
  lexicon: Lexicon,
  trial: Trial,
  signal: AbortSignal,
): Promise<BacktestResult | null> {
  const { db, now } = context
  const { ruleId, rule } = trial.input as BacktestInput
  const live: Pipeline = await lexicon.current()
  const changed = await lexicon.candidate(rules =>
    rule ? withRule(rules, rule) : rules.filter(({ id }) => id !== ruleId),
  )
  const total = await postsSinceCount(db, backtestStart(now()))
  return comparePipelines(context, live, changed, {
    signal,
    async progress(done) {
      await db
        .updateTable('rule_trial')
        .set({ done, total: Math.max(total, done) })
        .where('id', '=', trial.id)
        .execute()
      await runTexts(context, lexicon)
    },
  })
}
