/** What stands in config/rules.yaml and is no rule here: wrong when the program first started, or written since. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { usableRules } from '../../pipeline/rules-file.ts'
import type { Context } from '../context.ts'
import { ruleIds } from './store.ts'

export interface LeftOut {
  /** What is wrong with rules of the file, by their lines. */
  faults: string[]
  /** Names of rules that are right, and wait for an import. */
  waiting: string[]
}

export async function leftOut({ db, config }: Pick<Context, 'db' | 'config'>): Promise<LeftOut> {
  const { rules, faults } = usableRules(readFileSync(resolve(config.configDir, 'rules.yaml'), 'utf8'))
  const known = await ruleIds(db)
  return {
    faults: faults.flatMap(({ id, text }) => (id !== null && known.has(id) ? [] : text)),
    waiting: rules.flatMap(({ id, name }) => (known.has(id) ? [] : name)),
  }
}
