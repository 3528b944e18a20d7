import { expect, it } from 'vitest'
import { decideFeedback, feedbackSets, proposeFeedback } from '../../../api/rules/feedback-store.ts'
import {
  lexiconVersion,
  liveRules,
  makeLive,
  proposeRule,
  retireRule,
  ruleVersion,
  seedRules,
} from '../../../api/rules/store.ts'
import type { Rule } from '../../../pipeline/rules.ts'
import { onEveryDatabase } from '../../databases.ts'

const SHIPPED = `rules:
  - { id: gas, name: 燃气, topicPoints: 1, any: [燃气泄漏] }
  - { id: fire, name: 火, topicPoints: 1, any: [起火] }
`
const AT = 1_700_000_000_000

onEveryDatabase('decisions about rules at the same moment', get => {
  it('take turns: each is done, each turns the lexicon', async () => {
    const { db } = get()
    const inTrx = db.transaction()
    await inTrx.execute(trx => seedRules(trx, SHIPPED, AT))
    const propose = async (id: string, word: string) => {
      const rule: Rule = { ...(await ruleVersion(db, id, 1)).body, any: [word] }
      const version = await inTrx.execute(trx => proposeRule(trx, rule, '网友多说', 7, AT))
      return ruleVersion(db, id, version)
    }
    const [gas, fire] = [await propose('gas', '煤气味'), await propose('fire', '着火')]
    const turn = await lexiconVersion(db)
    await Promise.all([gas, fire].map(found => inTrx.execute(trx => makeLive(trx, found, '可行', 8, AT))))
    expect((await liveRules(db)).map(({ version }) => version)).toEqual([2, 2])
    expect(await lexiconVersion(db)).toBe(turn + 2)
    await Promise.all(['gas', 'fire'].map(id => inTrx.execute(trx => retireRule(trx, id, '重复', 8, AT))))
    expect(await liveRules(db)).toEqual([])
    expect(await lexiconVersion(db)).toBe(turn + 4)
  })

  it('of one rule leave one version live', async () => {
    const { db } = get()
    const inTrx = db.transaction()
    await inTrx.execute(trx => seedRules(trx, SHIPPED, AT))
    const rule = (await ruleVersion(db, 'gas', 1)).body
    const versions = []
    for (const word of ['煤气味', '漏气']) {
      const version = await inTrx.execute(trx => proposeRule(trx, { ...rule, any: [word] }, '多说', 7, AT))
      versions.push(await ruleVersion(db, 'gas', version))
    }
    await Promise.all(versions.map(found => inTrx.execute(trx => makeLive(trx, found, '可行', 8, AT))))
    expect((await liveRules(db)).filter(({ rule: { id } }) => id === 'gas')).toHaveLength(1)
    const [found] = versions
    if (!found) throw new Error('nothing proposed')
    // As it was read before the other was put in force.
    await expect(inTrx.execute(trx => makeLive(trx, found, '再来', 8, AT))).rejects.toThrow(/已经处理过/)
  })

  it('of one version, sent twice, count once', async () => {
    const { db } = get()
    const inTrx = db.transaction()
    const rule = (await ruleVersion(db, 'fire', 1)).body
    const version = await inTrx.execute(trx => proposeRule(trx, { ...rule, any: ['冒烟'] }, '多说', 7, AT))
    const found = await ruleVersion(db, 'fire', version)
    const turn = await lexiconVersion(db)
    const both = [1, 2].map(() => inTrx.execute(trx => makeLive(trx, found, '可行', 8, AT)))
    const states = (await Promise.allSettled(both)).map(({ status }) => status)
    expect(states.sort()).toEqual(['fulfilled', 'rejected'])
    expect(await lexiconVersion(db)).toBe(turn + 1)
    expect((await ruleVersion(db, 'fire', version)).state).toBe('live')
  })

  it('of two sets of feedback leave one live', async () => {
    const { db } = get()
    const inTrx = db.transaction()
    await inTrx.execute(trx => seedRules(trx, SHIPPED, AT))
    const effect = {
      days: 30,
      posts: 0,
      before: 0,
      after: 0,
      added: { count: 0, postIds: [], samples: [] },
      lost: { count: 0, samples: [] },
      keptLost: 0,
      dismissedSpared: 0,
    }
    const set = { words: [], kept: 1, dismissed: 1, effect }
    const ids = [
      await inTrx.execute(trx => proposeFeedback(trx, set, AT)),
      await inTrx.execute(trx => proposeFeedback(trx, set, AT)),
    ]
    const decision = { why: '可行', actorId: 8, at: AT }
    await Promise.all(ids.map(id => inTrx.execute(trx => decideFeedback(trx, id, 'live', decision))))
    expect((await feedbackSets(db)).filter(({ state }) => state === 'live')).toHaveLength(1)
  })
})
