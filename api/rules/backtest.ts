/** One pipeline against another over the posts of the last 30 days. */
import type { Analysis, Pipeline } from '../../pipeline/post.ts'
import type { Context } from '../context.ts'
import { maskPersonal } from '../mask.ts'
import { postsSince } from '../posts/analysis-store.ts'

const DAY_MS = 86_400_000
const BACKTEST_DAYS = 30
const CHUNK = 200
const SAMPLES = 30
/** Posts that would be flagged newly, kept by id so that they can be put before staff when the rule goes live. */
const MOST_IDS = 5_000

export const backtestStart = (now: number): number => now - BACKTEST_DAYS * DAY_MS

export interface Sample {
  postId: number
  title: string | null
  excerpt: string
  why: string
}

export interface BacktestResult {
  days: number
  posts: number
  before: number
  after: number
  added: { count: number; postIds: number[]; samples: Sample[] }
  lost: { count: number; samples: Sample[] }
}

/** Told which posts are lost. Null where it was stopped. */
export async function comparePipelines(
  { db, now }: Context,
  live: Pipeline,
  changed: Pipeline,
  options: {
    signal: AbortSignal
    progress?: (done: number) => Promise<unknown>
    lost?: (postId: number) => void
  },
): Promise<BacktestResult | null> {
  const since = backtestStart(now())
  const result: BacktestResult = {
    days: BACKTEST_DAYS,
    posts: 0,
    before: 0,
    after: 0,
    added: { count: 0, postIds: [], samples: [] },
    lost: { count: 0, samples: [] },
  }
  for (let last = 0; ; ) {
    if (options.signal.aborted) return null
    const posts = await postsSince(db, since, last, CHUNK)
    if (!posts.length) return result
    const asked = posts.map(post => ({ text: post, anywhere: post.anywhere }))
    const [before, after] = [live.analyseAll(asked), changed.analyseAll(asked)]
    for (const [i, post] of posts.entries()) {
      const lost = result.lost.count
      compare(result, post, before[i] as Analysis, after[i] as Analysis)
      if (result.lost.count > lost) options.lost?.(post.postId)
    }
    last = posts.at(-1)?.postId ?? last
    await options.progress?.(result.posts)
  }
}

function compare(
  result: BacktestResult,
  post: { postId: number; title?: string | null; text: string },
  before: Analysis,
  after: Analysis,
): void {
  result.posts++
  if (before.flagged) result.before++
  if (after.flagged) result.after++
  if (before.flagged === after.flagged) return
  const sample = (analysis: Analysis): Sample => ({
    postId: post.postId,
    title: post.title ? maskPersonal(post.title) : null,
    excerpt: maskPersonal(post.text.slice(0, 120)).slice(0, 80),
    why: maskPersonal(whyOf(analysis)),
  })
  const side = after.flagged ? result.added : result.lost
  side.count++
  if (side.samples.length < SAMPLES) side.samples.push(sample(after.flagged ? after : before))
  if (after.flagged && result.added.postIds.length < MOST_IDS) result.added.postIds.push(post.postId)
}

const whyOf = ({ reasons }: Analysis): string =>
  reasons.find(({ kind, points }) => kind === 'rule' && points > 0)?.message ?? reasons[0]?.message ?? ''
