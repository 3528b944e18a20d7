/** A worker's reminders alone, in a process of its own that can be killed: told a time, it tells what has come. */
import { pino } from 'pino'
import { readConfig } from '../../../api/config.ts'
import { openContext } from '../../../api/context.ts'
import { remindDue } from '../../../api/slips/remind.ts'

let now = 0
const context = await openContext(readConfig({ DATA_DIR: process.argv[2], PORT: '0' }), {
  now: () => now,
  log: pino({ level: 'silent' }),
})
process.on('message', (at: number) => {
  now = at
  remindDue(context).then(
    seen => process.send?.({ seen }),
    (error: Error) => process.send?.({ error: error.stack ?? error.message }),
  )
})
process.on('disconnect', () => process.exit(0))
process.send?.({ seen: -1 })
