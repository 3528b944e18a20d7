import type { Analysis, Pipeline } from '../pipeline/post.ts'
import type { Context } from './context.ts'
import { placePosts } from './events/place-store.ts'
import type { PlacedPost } from './events/text-store.ts'
import { unitNames } from './people/unit-store.ts'
import type { SearchIndex } from './ports.ts'
import {
  clearOutbox,
  outboxBatch,
  refillOutbox,
  searchDocuments,
  unanalysedPosts,
} from './posts/analysis-store.ts'
import { concernsUs, fingerprintIn } from './posts/rules.ts'
import { saveAnalyses } from './posts/save-store.ts'
import { saveHits } from './rules/hit-store.ts'
import { liveRules } from './rules/store.ts'
import { watchThread } from './sources/thread-store.ts'

/** One transaction each: the more, the less a post costs; the fewer, the shorter others wait. */
const BATCH = 200
/** A flagged thread is watched for edits and deletion from here on (sources/schedule.ts). */
const FIRST_LOOK_MS = 5 * 60_000

/** `tid#pid` -> `tid`. */
const threadOf = ({ key }: { key: string }): string => key.split('#')[0] as string

/**
 * Analyses every post that waits, a batch a transaction; killed at any moment, what was not stored waits on.
 * Returns how many were analysed.
 */
export async function analyseWaiting(
  context: Context,
  pipeline: Pipeline,
  signal?: AbortSignal,
): Promise<number> {
  const { db, now } = context
  const unitIds = new Map([...(await unitNames(db))].map(([id, name]) => [name, id]))
  const versions = new Map((await liveRules(db)).map(({ rule, version }) => [rule.id, version]))
  let count = 0
  let isSearchAway = false
  while (!signal?.aborted) {
    const posts = await unanalysedPosts(db, BATCH)
    if (!posts.length) break
    const analyses = pipeline.analyseAll(posts.map(post => ({ text: post, anywhere: post.anywhere })))
    const analysed = posts.map((post, i) => {
      const read = analyses[i] as Analysis
      const analysis = { ...read, fingerprint: fingerprintIn(post, read.fingerprint) }
      const unitId = unitIds.get(analysis.suggestedUnit ?? '') ?? null
      return {
        post,
        analysis,
        unitId,
        likeness: concernsUs(analysis) ? pipeline.liken(post, analysis) : null,
      }
    })
    await db.transaction().execute(async trx => {
      const at = now()
      const saved = await saveAnalyses(trx, analysed, { version: pipeline.version, at })
      const stored = analysed.filter(({ post }) => saved.has(post.postId))
      for (const { post } of stored)
        if (saved.get(post.postId)?.flagged)
          await watchThread(trx, post.sourceId, threadOf(post), at + FIRST_LOOK_MS)
      await saveHits(
        trx,
        stored
          .filter(({ analysis }) => analysis.flagged)
          .map(({ post, analysis }) => ({ postId: post.postId, rules: hitsOf(analysis, versions) })),
        at,
      )
      const placed = stored.map(({ post, analysis: { fingerprint }, likeness }): PlacedPost => {
        const copyOf = saved.get(post.postId)?.copyOf ?? null
        return { postId: post.postId, at: post.at, fingerprint, likeness, copyOf }
      })
      await placePosts(trx, placed, at)
    })
    count += posts.length
    if (!isSearchAway)
      await feedSearch(context).catch(error => {
        // What waits in the outbox is told by the job search.feed; understanding does not wait for it.
        isSearchAway = true
        context.log.error({ err: error }, 'search is away')
      })
  }
  return count
}

/** The rules that spoke for a flag, with the versions that are live; what is no rule of the table is left out. */
const hitsOf = (analysis: Analysis, versions: ReadonlyMap<string, number>) =>
  [...new Set(analysis.reasons.flatMap(({ rule, points }) => (rule && points > 0 ? rule : [])))].flatMap(
    ruleId => {
      const version = versions.get(ruleId)
      return version === undefined ? [] : [{ ruleId, version }]
    },
  )

const feeding = new WeakMap<SearchIndex, Promise<number>>()

/**
 * Tells search what changed. The outbox is emptied only after the index has it: told twice is harmless. One after the
 * other, or the older of two readings could be put last.
 */
export function feedSearch(context: Context): Promise<number> {
  const before = feeding.get(context.search) ?? Promise.resolve(0)
  const mine = before.catch(() => 0).then(() => emptyOutbox(context))
  feeding.set(context.search, mine)
  return mine
}

async function emptyOutbox(context: Context): Promise<number> {
  const { db, search } = context
  await refillLostSearch(context)
  let count = 0
  for (;;) {
    const { outboxIds, postIds } = await outboxBatch(db, 200)
    if (!outboxIds.length) return count
    await search.put(await searchDocuments(db, postIds))
    await db.transaction().execute(trx => clearOutbox(trx, outboxIds))
    count += postIds.length
  }
}

/** An index that was lost, cleared, or is of an older form, is empty: everything is told again. */
async function refillLostSearch({ db, search, now }: Context): Promise<void> {
  const { total } = await search.search({ limit: 1 })
  if (total === 0) await db.transaction().execute(trx => refillOutbox(trx, now()))
}
