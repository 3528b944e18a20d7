/** `analyze --pairs`: message pairs with one reply are the same matter; question pairs that only look alike are not. */

import { wilson } from '../../../pipeline/wilson.ts'
import { analyzeAnswers } from '../answers.ts'
import type { Figure } from '../figure.ts'
import { bootstrap } from '../interval.ts'
import { readRows } from '../rows.ts'

interface Pair {
  id: string
  a: string
  b: string
  label: 0 | 1
}
interface Judged {
  same: boolean
  label: 0 | 1
}

async function judge(pairs: readonly Pair[]): Promise<Judged[]> {
  const asked = pairs.map(({ id, a, b }) => ({ id, a, b }))
  const answers = await analyzeAnswers<{ id: string; same: boolean }>(asked, { pairs: true })
  return pairs.map(({ label }, i) => ({ label, same: (answers[i] as { same: boolean }).same }))
}

/** Of the pairs called the same and those that are. */
function f1(judged: readonly Judged[]): number {
  const both = judged.filter(({ same, label }) => same && label === 1).length
  const called = judged.filter(({ same }) => same).length
  const are = judged.filter(({ label }) => label === 1).length
  return called + are ? (2 * both) / (called + are) : 0
}

export async function evaluate(dataDir: string): Promise<Figure[]> {
  const replies = await judge(readRows(dataDir, 'near_duplicates/same_reply_dev.jsonl'))
  const questions = await judge(readRows(dataDir, 'near_duplicates/lcqmc_dev.jsonl'))
  const different = questions.filter(({ label }) => label === 0)
  const merged = different.filter(({ same }) => same).length
  return [
    {
      set: 'same_reply',
      slice: '',
      what: 'same-matter pairs, F1',
      value: f1(replies),
      ...bootstrap(replies, f1),
      rows: replies.length,
      goal: '>= 0.95',
      met: f1(replies) >= 0.95,
    },
    {
      set: 'lcqmc',
      slice: 'label 0',
      what: 'false merges',
      value: merged / different.length,
      ...wilson(merged, different.length),
      rows: different.length,
      goal: '< 0.02',
      met: merged / different.length < 0.02,
    },
  ]
}
