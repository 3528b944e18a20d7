/**
 * The program's crawl in a process of its own, on a clock that the test moves: `START` in epoch ms; with `ANALYSE` what it
 * reads is analysed too, looked for as often as the queue is. Made to be killed.
 */
import { analyseWaiting } from '../../api/analysis-job.ts'
import { readConfig } from '../../api/config.ts'
import { openContext } from '../../api/context.ts'
import { crawlAlways } from '../../api/crawl-job.ts'
import { Lexicon } from '../../api/rules/lexicon.ts'
import { simulatedClock } from './simulated-clock.ts'

const LOOK_MS = 250
const clock = simulatedClock(Number(process.env.START))
const context = await openContext(readConfig(process.env), { now: clock.now })
const stop = new AbortController()
process.once('disconnect', () => stop.abort())
if (process.env.ANALYSE) {
  const lexicon = new Lexicon(context)
  await lexicon.current()
  const analyse = async () => {
    await analyseWaiting(context, await lexicon.current(), stop.signal)
    clock.timers.after(LOOK_MS, () => void analyse())
  }
  await analyse()
}
process.send?.({ at: clock.now(), busy: true })
await crawlAlways(context, stop.signal, clock.timers)
await context.close()
