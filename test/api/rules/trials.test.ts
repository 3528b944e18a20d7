import { afterAll, beforeAll, expect, it } from 'vitest'
import { recordPosts } from '../../../api/posts/store.ts'
import { saveHits } from '../../../api/rules/hit-store.ts'
import { Lexicon } from '../../../api/rules/lexicon.ts'
import { addTrial, backtestOf, runTrials, trialById } from '../../../api/rules/trials.ts'
import type { Rule } from '../../../pipeline/rules.ts'
import { onEveryDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { rawPost } from '../posts/raw-post.ts'

const AT = Date.parse('2026-11-20T10:00+08:00')
const RULE: Rule = { id: 'balloon', name: '氢气球', topicPoints: 1, actionPoints: 1, any: ['氢气球'] }

let test: TestContext
beforeAll(async () => {
  test = await testContext(AT)
})
afterAll(() => test.close())

it('a pasted text is answered while a back-test is under way', async () => {
  const { db } = test.context
  const inTrx = db.transaction()
  const posts = Array.from({ length: 450 }, (_, at) =>
    rawPost(`${at}`, { source: 'zhongwu', text: `第${at}个氢气球飞走了` }),
  )
  await inTrx.execute(trx => recordPosts(trx, posts, AT))
  const add = (kind: 'text' | 'backtest', input: object) =>
    inTrx.execute(trx => addTrial(trx, kind, input as never, 1, AT))
  const backtest = await add('backtest', { ruleId: 'balloon', version: 1, rule: RULE })
  const lexicon = new Lexicon(test.context)
  const candidate = lexicon.candidate.bind(lexicon)
  let text = 0
  lexicon.candidate = async (change, feedback) => {
    text ||= await add('text', { text: { text: '氢气球飞走了', source: 'manual' }, rule: null })
    return candidate(change, feedback)
  }
  let now = AT
  await runTrials({ ...test.context, now: () => now++ }, lexicon, new AbortController().signal)
  const [asked, tried] = [await trialById(db, text), await trialById(db, backtest)]
  expect([asked.state, tried.state, tried.done]).toEqual(['done', 'done', 450])
  expect(asked.finishedAt).toBeLessThan(tried.finishedAt as number)
})

onEveryDatabase('the back-test of a version', get => {
  it('is found however many came after it', async () => {
    const { db } = get()
    const result = (posts: number) => JSON.stringify({ posts })
    const add = async (ruleId: string, version: number, rule: Rule | null, posts: number) => {
      const id = await db
        .transaction()
        .execute(trx => addTrial(trx, 'backtest', { ruleId, version, rule }, 1, AT))
      await db
        .updateTable('rule_trial')
        .set({ state: 'done', result: result(posts) })
        .where('id', '=', id)
        .execute()
    }
    await add('balloon', 1, RULE, 1)
    await add('balloon', 1, RULE, 2)
    await add('balloon', 1, null, 3)
    await add('balloon', 12, RULE, 4)
    for (let at = 0; at < 205; at++) await add('other', 1, RULE, 5)
    expect(await backtestOf(db, 'balloon', 1)).toEqual({ posts: 2 })
    expect(await backtestOf(db, 'balloon', 12)).toEqual({ posts: 4 })
    expect(await backtestOf(db, 'balloon', 2)).toBeNull()
    expect(await backtestOf(db, 'ball%', 1)).toBeNull()
  })

  it('and the hits of a batch in which many rules speak for every post are kept', async () => {
    const { db } = get()
    const rules = Array.from({ length: 60 }, (_, at) => ({ ruleId: `r${at}`, version: 1 }))
    const posts = Array.from({ length: 200 }, (_, at) => ({ postId: at + 1, rules }))
    await db.transaction().execute(trx => saveHits(trx, posts, AT))
    const { count } = await db
      .selectFrom('rule_hit')
      .select(eb => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect(Number(count)).toBe(12_000)
  })
})
