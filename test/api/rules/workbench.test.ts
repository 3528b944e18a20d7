import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import { recordPosts } from '../../../api/posts/store.ts'
import type { BacktestResult } from '../../../api/rules/backtest.ts'
import { Lexicon } from '../../../api/rules/lexicon.ts'
import { precisionOf, rulesFromYaml, rulesToYaml } from '../../../api/rules/rules.ts'
import {
  lexiconVersion,
  liveRules,
  makeLive,
  proposeRule,
  rejectRule,
  retireRule,
  ruleVersion,
  ruleVersions,
  seedRules,
} from '../../../api/rules/store.ts'
import { runTrials } from '../../../api/rules/trials.ts'
import { EVENT_CLASSES } from '../../../api/vocabulary.ts'
import type { RawPost } from '../../../pipeline/post.ts'
import type { Rule } from '../../../pipeline/rules.ts'
import { onEveryDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'

const SHIPPED = `rules:
  - { id: gas, name: 燃气, topic: 安全生产/燃气, topicPoints: 1, actionPoints: 0.6, any: [燃气泄漏] }
`
const BALLOON = {
  id: 'balloon',
  name: '氢气球',
  topic: '安全生产/危险化学品',
  eventClass: 'chemical',
  topicPoints: 1,
  actionPoints: 1,
  any: ['氢气球'],
}

onEveryDatabase('rule versions', get => {
  const at = 1_700_000_000_000
  const inTrx = <T>(work: (trx: never) => Promise<T>) =>
    get()
      .db.transaction()
      .execute(trx => work(trx as never))

  it('are seeded once, proposed, made live, replaced and retired; the lexicon turns each time', async () => {
    const { db } = get()
    await inTrx(trx => seedRules(trx, SHIPPED, at))
    await inTrx(trx => seedRules(trx, SHIPPED, at))
    expect((await liveRules(db)).map(({ rule }) => rule.id)).toEqual(['gas'])
    expect(await lexiconVersion(db)).toBe(1)
    const gas = { ...(await ruleVersion(db, 'gas', 1)).body, any: ['燃气泄漏', '煤气味'] }
    expect(await inTrx(trx => proposeRule(trx, gas, '网友多说煤气味', 7, at))).toBe(2)
    expect(await lexiconVersion(db)).toBe(1)
    const second = await ruleVersion(db, 'gas', 2)
    await inTrx(trx => makeLive(trx, second, '回测可行', 8, at))
    expect(await liveRules(db)).toMatchObject([{ version: 2, rule: { any: ['燃气泄漏', '煤气味'] } }])
    expect((await ruleVersion(db, 'gas', 1)).state).toBe('retired')
    const decided = await ruleVersion(db, 'gas', 2)
    await expect(inTrx(trx => rejectRule(trx, decided, '不用', 8, at))).rejects.toThrow(/已经处理过/)
    await inTrx(trx => retireRule(trx, 'gas', '重复', 8, at))
    expect(await liveRules(db)).toEqual([])
    expect(await lexiconVersion(db)).toBe(3)
    await expect(inTrx(trx => retireRule(trx, 'gas', '重复', 8, at))).rejects.toThrow(/没有找到/)
  })
})

onEveryDatabase('a proposal sent twice at the same moment', get => {
  it('is one version, of a known rule and of a new one', async () => {
    const { db } = get()
    const at = 1_700_000_000_000
    await db.transaction().execute(trx => seedRules(trx, SHIPPED, at))
    const propose = (rule: Rule) => db.transaction().execute(trx => proposeRule(trx, rule, '网友多说', 7, at))
    const gas = { ...(await ruleVersion(db, 'gas', 1)).body, any: ['煤气味'] }
    expect(await Promise.all([propose(gas), propose(gas), propose(gas)])).toEqual([2, 2, 2])
    const fresh = { ...gas, id: 'fresh' }
    expect(await Promise.all([propose(fresh), propose(fresh)])).toEqual([1, 1])
    expect(await ruleVersions(db)).toHaveLength(3)
  })
})

describe('figures of a rule', () => {
  it('count what staff kept and what they threw away as wrong; a duplicate was rightly found', () => {
    const counted = precisionOf([
      { state: 'slip', reason: null, count: 8 },
      { state: 'dismissed', reason: 'duplicate', count: 1 },
      { state: 'dismissed', reason: 'not_ours', count: 1 },
      { state: 'open', reason: null, count: 5 },
    ])
    expect(counted).toMatchObject({ hits: 15, kept: 9, dismissed: 1, open: 5 })
    expect(counted.precision?.value).toBeCloseTo(0.9)
    expect(counted.precision?.low).toBeCloseTo(0.596, 2)
    expect(precisionOf([]).precision).toBeNull()
  })

  it('rules as YAML come back the same; a broken file names every fault', () => {
    const choices = { topics: ['安全生产/燃气'], classes: [], units: [], sources: [], today: '2026-11-20' }
    const read = (text: string) => rulesFromYaml(text, choices)
    const rules = read(SHIPPED)
    expect(read(rulesToYaml(rules))).toEqual(rules)
    expect(() => read('rules:\n  - { id: aa }\n  - { id: bb, name: 乙 }')).toThrow(
      /第 2 行（aa）：缺少名称。[\s\S]*第 3 行（bb）/,
    )
    expect(() => read('{{')).toThrow(/不是有效的 YAML/)
  })
})

describe('the workbench', () => {
  let test: TestContext
  let lexicon: Lexicon
  const stop = new AbortController()
  let worker: Promise<void>
  beforeAll(async () => {
    test = await testContext(Date.parse('2026-11-20T10:00+08:00'))
    lexicon = new Lexicon(test.context)
    const { context } = test
    await context.db
      .transaction()
      .execute(trx =>
        recordPosts(trx, [post('1', '菜场门口有人卖氢气球，五块钱一个'), post('2', '今天的晚霞真好看。')]),
      )
    await analyseWaiting(context, await lexicon.current())
    worker = (async () => {
      while (!stop.signal.aborted) {
        await runTrials(context, lexicon, stop.signal)
        await new Promise(done => setTimeout(done, 20))
      }
    })()
  })
  afterAll(async () => {
    stop.abort()
    await worker
    await test.close()
  })

  function post(key: string, text: string): RawPost {
    return {
      source: 'zhongwu',
      key,
      url: `https://www.zhong5.cn/thread-${key}-1-1.html`,
      kind: 'thread',
      parent: null,
      floor: 1,
      board: '百姓呼声',
      title: null,
      author: { id: '7', name: '湖塘小马' },
      text,
      quote: null,
      images: [],
      publishedAt: '2026-11-19T01:00:00.000Z',
      publishedPrecision: 'minute',
      publishedRaw: '昨天',
      seenAt: '2026-11-19T02:00:00.000Z',
      counts: { views: 10, replies: 0, reposts: null, likes: null },
      place: null,
      state: 'visible',
    }
  }

  it('tries a rule that is being written on a pasted text and shows the words', async () => {
    const text = '广场上有人卖氢气球'
    const tried = await test.as('duty')('POST', '/api/rules/try', { text, rule: BALLOON })
    expect(tried.statusCode, tried.body).toBe(200)
    const reason = tried.json().reasons.find((each: { rule: string }) => each.rule === 'balloon')
    expect(reason.spans).toEqual([{ field: 'text', start: 6, end: 9, text: '氢气球' }])
    const without = (await test.as('duty')('POST', '/api/rules/try', { text })).json()
    expect(without.reasons.some((each: { rule: string }) => each.rule === 'balloon')).toBe(false)
  })

  it('tries the words of a rule for one source on a text from nowhere; a phrase holds its space', async () => {
    const rule = { ...BALLOON, any: ['SOS 求救'], sources: ['zhongwu'] }
    const hits = async (text: string) => {
      const tried = await test.as('duty')('POST', '/api/rules/try', { text, rule })
      expect(tried.statusCode, tried.body).toBe(200)
      return tried.json().reasons.some((each: { rule: string }) => each.rule === 'balloon')
    }
    expect(await hits('楼上窗口挂着一块布写着sos 求救')).toBe(true)
    expect(await hits('楼上窗口挂着一块布写着求救')).toBe(false)
  })

  it('anyone on duty proposes, 办公室 goes live after a back-test, and posts found by it come before staff', async () => {
    const proposed = await test.as('duty')('POST', '/api/rules', { rule: BALLOON, why: '集市上多见' })
    expect(proposed.json()).toEqual({ id: 'balloon', version: 1 })
    const live = '/api/rules/balloon/versions/1/live'
    const body = { why: '回测可行', again: true }
    expect((await test.as('duty')('POST', live, body)).statusCode).toBe(403)
    expect((await test.as('office')('POST', live, body)).json().code).toBe('rule.untested')

    const { id } = (await test.as('duty')('POST', '/api/rules/balloon/versions/1/backtest')).json()
    let trial = { state: 'waiting', result: null as BacktestResult | null }
    while (trial.state === 'waiting') {
      // Injected calls alone would leave timers no turn.
      await new Promise(done => setTimeout(done, 20))
      trial = (await test.as('duty')('GET', `/api/rules/trials/${id}`)).json()
    }
    const result = trial.result as BacktestResult
    expect(result.posts).toBe(2)
    expect(result.after - result.before).toBe(result.added.count - result.lost.count)
    const history = (await test.as('office')('GET', '/api/rules/balloon')).json()
    expect(history.versions[0].backtest.posts).toBe(2)

    expect((await test.as('office')('POST', live, body)).statusCode).toBe(200)
    await analyseWaiting(test.context, await lexicon.current())
    const rules = (await test.as('office')('GET', '/api/rules')).json() as {
      id: string
      version: number
      counted: { hits: number }
    }[]
    expect(rules.find(each => each.id === 'balloon')).toMatchObject({ version: 1, counted: { hits: 1 } })
    expect((await test.as('office')('POST', live, body)).json().code).toBe('rule.decided')
    const hits = (await test.as('duty')('GET', '/api/rules/balloon/hits')).json()
    expect(hits).toEqual([{ postId: 1, text: '菜场门口有人卖氢气球，五块钱一个' }])
  })

  it('a proposal shows field by field what it changes against the live version', async () => {
    const rule = {
      ...BALLOON,
      any: ['氢气球', '氢气罐'],
      none: ['演出'],
      eventClass: 'gas',
      concern: 'own',
      near: [{ a: ['气'], b: ['炸'], within: 9 }],
      sources: ['zhongwu'],
    }
    await test.as('duty')('POST', '/api/rules', { rule, why: '看看差别' })
    const { versions } = (await test.as('office')('GET', '/api/rules/balloon')).json()
    expect(versions[0].changes).toEqual([
      { field: '事件类型', from: EVENT_CLASSES.chemical, to: EVENT_CLASSES.gas },
      { field: '归属', from: '', to: '我局办理' },
      { field: '任一', from: '', to: '氢气罐' },
      { field: '都不得有', from: '', to: '演出' },
      { field: '相距', from: '', to: '（气 … 炸，9 字内）' },
      { field: '信源', from: '', to: '中吴网' },
    ])
    expect(versions[1].changes).toBeNull()
    await test.as('office')('POST', `/api/rules/balloon/versions/${versions[0].version}/reject`, {
      why: '只是看看',
    })
  })

  it('a wrong rule is refused with every reason and nothing is stored', async () => {
    const before = (await test.as('office')('GET', '/api/rules')).body
    const rule = { id: 'bad', name: '坏', regex: '(' }
    const answer = await test.as('duty')('POST', '/api/rules', { rule, why: '试试' })
    expect(answer.json().code).toBe('rule.invalid')
    for (const words of ['正则写错了', '至少填一项']) expect(answer.json().message).toContain(words)
    expect((await test.as('office')('GET', '/api/rules')).body).toBe(before)
  })

  it('exports what it imports: a round trip changes nothing, a change becomes a proposal', async () => {
    const yaml = (await test.as('office')('GET', '/api/rules.yaml')).body
    const put = (text: string, preview: boolean) =>
      test.as('office')('POST', '/api/rules/import', { yaml: text, why: '年度整理', preview })
    const same = (await put(yaml, false)).json()
    expect(same).toMatchObject({ added: [], changed: [] })
    const changed = yaml.replace('氢气球\n', '氢气球\n      - 氢气罐\n')
    expect((await put(changed, true)).json().changed).toEqual(['balloon'])
    expect((await test.as('office')('GET', '/api/rules/balloon')).json().versions).toHaveLength(2)
    await put(changed, false)
    expect((await test.as('office')('GET', '/api/rules/balloon')).json().versions[0]).toMatchObject({
      version: 3,
      state: 'proposed',
    })
    const unknown = await put(
      'rules:\n  - { id: aa, name: 甲, any: [乙], topicPoints: 1, colour: red }',
      true,
    )
    expect(unknown.json().message).toContain('（aa）：没有「colour」这一项')
  })

  it('the administrator sees no rules', async () => {
    expect((await test.as('admin')('GET', '/api/rules')).statusCode).toBe(403)
  })
})
