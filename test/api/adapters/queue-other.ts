/**
 * Another process on the same store: runs jobs of that name and prints each as a line of JSON; `hang` = never ends the
 * first. Arguments: driver, address, name, `run` or `hang`.
 */
import { openDatabase } from '../../../api/db/open.ts'
import type { Queue } from '../../../api/ports.ts'
import { hurriedBullmq } from './queue-bullmq-open.ts'
import { hurriedQueue } from './queue-local-open.ts'

const DRIVERS: Record<string, (address: string) => Queue> = {
  bullmq: hurriedBullmq,
  local: address => hurriedQueue(openDatabase(address)),
}

const [driver = '', address = '', name = '', mode] = process.argv.slice(2)
DRIVERS[driver]?.(address).work(name, mode === 'hang' ? 1 : 2, async payload => {
  console.log(JSON.stringify(payload))
  if (mode === 'hang') await new Promise(() => {})
})
