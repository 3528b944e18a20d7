/** What a rule may name: topics and event classes of config/topics.yaml, units in service, sources. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import type { Context } from '../context.ts'
import { type Day, shanghaiDay } from '../deadline.ts'
import { unitList } from '../people/unit-store.ts'
import { sourceList } from '../sources/store.ts'

export interface RuleChoices {
  topics: string[]
  /** Codes of EVENT_CLASSES that the topics know. */
  classes: string[]
  units: string[]
  sources: { id: string; name: string }[]
  today: Day
}

export async function ruleChoices({
  db,
  config,
  now,
}: Pick<Context, 'db' | 'config' | 'now'>): Promise<RuleChoices> {
  const text = readFileSync(resolve(config.configDir, 'topics.yaml'), 'utf8')
  const topics = parse(text) as Record<string, { topic: string }>
  const today = shanghaiDay(now())
  const inService = (await unitList(db)).filter(({ activeTo }) => activeTo === null || activeTo >= today)
  return {
    topics: [...new Set(Object.values(topics).map(({ topic }) => topic))].sort(),
    classes: Object.keys(topics),
    units: inService.map(({ name }) => name),
    sources: (await sourceList(db)).map(({ config: { id, name } }) => ({ id, name })),
    today,
  }
}
