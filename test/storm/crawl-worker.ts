/** The program's crawl in a process of its own, on a clock that the test moves: `START` in epoch ms. Made to be killed. */
import { readConfig } from '../../api/config.ts'
import { openContext } from '../../api/context.ts'
import { crawlAlways } from '../../api/crawl-job.ts'
import { simulatedClock } from './simulated-clock.ts'

const clock = simulatedClock(Number(process.env.START))
const context = await openContext(readConfig(process.env), { now: clock.now })
const stop = new AbortController()
process.once('disconnect', () => stop.abort())
process.send?.({ at: clock.now(), busy: true })
await crawlAlways(context, stop.signal, clock.timers)
await context.close()
