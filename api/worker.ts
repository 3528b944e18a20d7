import { setTimeout as wait } from 'node:timers/promises'
import type { Context } from './context.ts'
import { JOBS, type Job } from './jobs.ts'
import { Lexicon } from './rules/lexicon.ts'

/** Runs every job of the table on its rhythm and on hints of the queue until `signal`; ends when all have ended. */
export async function runWorker(context: Context, signal: AbortSignal): Promise<void> {
  const lexicon = new Lexicon(context)
  await Promise.all(Object.entries(JOBS).map(([name, job]) => runJob(context, lexicon, name, job, signal)))
}

async function runJob(
  context: Context,
  lexicon: Lexicon,
  name: string,
  job: Job,
  signal: AbortSignal,
): Promise<void> {
  let wake = () => {}
  let hinted = false
  context.queue.work(name, 1, async () => {
    hinted = true
    wake()
  })
  while (!signal.aborted) {
    hinted = false
    try {
      await job.run(context, { lexicon, signal })
    } catch (error) {
      if (!signal.aborted) context.log.error({ err: error, job: name }, 'job failed')
    }
    if (hinted) continue
    const woken = new AbortController()
    wake = () => woken.abort()
    await wait(job.everyMs, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => {})
  }
}
