import { resolve } from 'node:path'
import { createSegmenter } from '../../pipeline/segment.ts'
import type { Context } from '../context.ts'
import { shanghaiDay, startOfDay } from '../deadline.ts'
import { notify } from '../notices/store.ts'
import { personList } from '../people/store.ts'
import { comparePipelines } from './backtest.ts'
import { type Decision, LEAST_DECISIONS, learnWords, sameWords } from './feedback-rules.ts'
import {
  decisionsSince,
  type FeedbackEffect,
  type FeedbackSet,
  feedbackSets,
  liveFeedback,
  proposeFeedback,
} from './feedback-store.ts'
import type { Lexicon } from './lexicon.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const LEARNED_DAYS = 180
/** Night in Shanghai: from 1 to 5. */
const NIGHT = { from: 1 * HOUR_MS, to: 5 * HOUR_MS }

/**
 * At night: what the last half year's decisions teach, tried on the posts of the last 30 days and laid before 办公室;
 * nothing counts before they put it in force. Written in one transaction at the end, so a killed night begins anew,
 * and one that taught nothing new leaves no trace. Answers the id of the new set, or null.
 */
export async function learnAtNight(
  context: Context,
  lexicon: Lexicon,
  signal: AbortSignal,
): Promise<number | null> {
  const at = context.now()
  const sinceMidnight = at - startOfDay(shanghaiDay(at))
  if (sinceMidnight < NIGHT.from || sinceMidnight >= NIGHT.to) return null
  return learn(context, lexicon, signal)
}

export async function learn(context: Context, lexicon: Lexicon, signal: AbortSignal): Promise<number | null> {
  const { db, now, config } = context
  const at = now()
  const decisions = await decisionsSince(db, at - LEARNED_DAYS * DAY_MS)
  if (decisions.length < LEAST_DECISIONS) return null
  const { cut } = createSegmenter(resolve(config.configDir, 'dictionary.txt'))
  const words = learnWords(decisions, cut)
  const [newest] = await feedbackSets(db, 1)
  if (!words.length || (newest && sameWords(newest.words, words))) return null
  if (sameWords(await liveFeedback(db), words)) return null
  const effect = await effectOf(context, lexicon, decisions, words, signal)
  if (!effect) return null
  const kept = decisions.filter(each => each.kept).length
  const office = (await personList(db)).filter(
    ({ active, roles }) => active && roles.some(role => role === 'office' || role === 'office_head'),
  )
  return db.transaction().execute(async trx => {
    const id = await proposeFeedback(trx, { words, kept, dismissed: decisions.length - kept, effect }, at)
    await notify(trx, {
      key: `feedback:${id}`,
      topic: 'task',
      title: '值班反馈有新的建议',
      body: `根据${decisions.length}条处理结果，建议调整${words.length}个词的分数；最近30天提示会由${effect.before}条变为${effect.after}条。看过效果再决定是否启用。`,
      link: '/rules',
      urgent: false,
      personIds: office.map(({ id: person }) => person),
      at,
    })
    return id
  })
}

/** The last 30 days with these words against as it is now. Null where it was stopped. */
async function effectOf(
  context: Context,
  lexicon: Lexicon,
  decisions: readonly Decision[],
  words: FeedbackSet['words'],
  signal: AbortSignal,
): Promise<FeedbackEffect | null> {
  const live = await lexicon.current()
  const changed = await lexicon.candidate(rules => rules, words)
  const keptOf = new Map(decisions.map(({ postId, kept }) => [postId, kept]))
  const counts = { keptLost: 0, dismissedSpared: 0 }
  const result = await comparePipelines(context, live, changed, {
    signal,
    lost: postId => {
      const kept = keptOf.get(postId)
      if (kept === true) counts.keptLost++
      if (kept === false) counts.dismissedSpared++
    },
  })
  return result && { ...result, ...counts }
}
