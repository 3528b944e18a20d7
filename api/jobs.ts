import { analyseWaiting, feedSearch } from './analysis-job.ts'
import { makeAuditRoot } from './audit.ts'
import { watchBursts } from './bursts/watch.ts'
import type { Context } from './context.ts'
import { crawlAlways } from './crawl-job.ts'
import { addDays, shanghaiDay } from './deadline.ts'
import { warnMissingYear } from './deadlines/warn.ts'
import { settleEvents } from './events/place-store.ts'
import { captureDue } from './evidence/capture.ts'
import { pruneMissedPages } from './evidence/prune.ts'
import { deliverDue } from './notices/deliver.ts'
import { warnPatrol, warnVacancies } from './patrol/warn.ts'
import { learnAtNight } from './rules/learn.ts'
import type { Lexicon } from './rules/lexicon.ts'
import { runTrials } from './rules/trials.ts'
import { climbDue } from './slips/climb.ts'
import { followEvidence } from './slips/follow-evidence.ts'
import { recountClocks } from './slips/recount.ts'
import { remindDue } from './slips/remind.ts'
import { verifyReplies } from './verify-replies.ts'
import { watchSources } from './watch-sources.ts'

export interface Job {
  /** Runs by itself this often; a hint on the queue only brings it forward. */
  everyMs: number
  run(context: Context, tools: { lexicon: Lexicon; signal: AbortSignal }): Promise<unknown>
}

/** Everything that happens without a person asking. Each may be run twice, or be killed half-way, without harm. */
export const JOBS: Record<string, Job> = {
  'sources.crawl': { everyMs: 2_000, run: (context, { signal }) => crawlAlways(context, signal) },
  'sources.watch': { everyMs: 60_000, run: context => watchSources(context) },
  'posts.analyse': {
    everyMs: 5_000,
    run: async (context, { lexicon, signal }) => analyseWaiting(context, await lexicon.current(), signal),
  },
  'rules.trial': {
    everyMs: 1_000,
    run: (context, { lexicon, signal }) => runTrials(context, lexicon, signal),
  },
  'feedback.learn': {
    everyMs: 600_000,
    run: (context, { lexicon, signal }) => learnAtNight(context, lexicon, signal),
  },
  'events.settle': { everyMs: 3_600_000, run: ({ db, now }) => settleEvents(db, now()) },
  'bursts.watch': { everyMs: 600_000, run: context => watchBursts(context) },
  'search.feed': { everyMs: 10_000, run: context => feedSearch(context) },
  'replies.verify': { everyMs: 15_000, run: (context, { signal }) => verifyReplies(context, signal) },
  'evidence.follow': { everyMs: 10_000, run: context => followEvidence(context) },
  'evidence.capture': { everyMs: 15_000, run: (context, { signal }) => captureDue(context, signal) },
  'evidence.prune': { everyMs: 3_600_000, run: (context, { signal }) => pruneMissedPages(context, signal) },
  'notices.deliver': { everyMs: 3_000, run: (context, { signal }) => deliverDue(context, signal) },
  'clocks.remind': {
    everyMs: 20_000,
    async run(context, { signal }) {
      await remindDue(context, signal)
      await climbDue(context, signal)
    },
  },
  'patrol.warn': {
    everyMs: 300_000,
    async run(context) {
      await warnPatrol(context)
      await warnVacancies(context)
    },
  },
  'calendar.warn': { everyMs: 3_600_000, run: context => warnMissingYear(context) },
  'clocks.recount': { everyMs: 600_000, run: context => recountClocks(context) },
  'audit.root': {
    everyMs: 600_000,
    run: ({ db, now }) => {
      const at = now()
      return db.transaction().execute(trx => makeAuditRoot(trx, addDays(shanghaiDay(at), -1), at))
    },
  },
}
