import type { Db } from '../db/open.ts'
import { unitNames } from '../people/unit-store.ts'
import { LEVELS, type Level } from '../vocabulary.ts'
import type { Group } from './rules.ts'

/** What a group's key is called. */
export async function labeller(db: Db, group: Group): Promise<(key: string) => string> {
  if (group === 'unit') {
    const units = await unitNames(db)
    return key => units.get(Number(key)) ?? ''
  }
  return key => (group === 'level' ? (LEVELS[key as Level] ?? '未定级') : key)
}
