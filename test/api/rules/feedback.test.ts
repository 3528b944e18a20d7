import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import { recordPosts } from '../../../api/posts/store.ts'
import { type Decision, learnWords, taught } from '../../../api/rules/feedback-rules.ts'
import { feedbackSets, liveFeedback } from '../../../api/rules/feedback-store.ts'
import { learnAtNight } from '../../../api/rules/learn.ts'
import { Lexicon } from '../../../api/rules/lexicon.ts'
import { hitBuffer } from '../../../pipeline/automaton.ts'
import { compileFeedback, MOST_IN_ALL, MOST_PER_WORD } from '../../../pipeline/feedback.ts'
import type { RawPost } from '../../../pipeline/post.ts'
import { WordTable } from '../../../pipeline/words.ts'
import { type TestContext, testContext } from '../context.ts'

const words = (text: string) => text.split(' ')
const decided = (count: number, text: string, kept: boolean, from = 0): Decision[] =>
  Array.from({ length: count }, (_, at) => ({ postId: from + at, text, kept }))

describe('what decisions teach', () => {
  const decisions = [
    ...decided(20, '冷库 氨气', true),
    ...decided(20, '楼盘 广告 氨气', false, 100),
    ...decided(3, '罕见 氨气', false, 200),
  ]

  it('words that were kept or dismissed oftener than usual, bounded; common and rare ones teach nothing', () => {
    const learned = learnWords(decisions, words)
    expect(learned.map(({ word }) => word)).toEqual(['冷库', '广告', '楼盘'])
    expect(learned[0]).toMatchObject({ kept: 20, dismissed: 0 })
    for (const { word, points } of learned) {
      expect(Math.abs(points)).toBeLessThanOrEqual(MOST_PER_WORD)
      expect(Math.sign(points)).toBe(word === '冷库' ? 1 : -1)
    }
  })

  it('the same in any order, nothing from few or from one-sided decisions', () => {
    expect(learnWords([...decisions].reverse(), words)).toEqual(learnWords(decisions, words))
    expect(learnWords(decisions.slice(0, 20), words)).toEqual([])
    expect(learnWords(decided(50, '冷库', true), words)).toEqual([])
  })

  it('a duplicate was rightly found; a place that is not local is no fault of the words', () => {
    expect(taught('slip', null)).toBe(true)
    expect(taught('dismissed', 'duplicate')).toBe(true)
    expect(taught('dismissed', 'advertisement')).toBe(false)
    expect(taught('dismissed', 'not_local')).toBeNull()
    expect(taught('open', null)).toBeNull()
  })
})

const NIGHT = Date.parse('2026-11-20T02:30+08:00')
const SOLD = '本店出售灭火器材，量大从优，老板清仓甩卖，欢迎到店选购。'

describe('a night of learning', () => {
  let test: TestContext
  let lexicon: Lexicon
  const never = new AbortController().signal

  const post = (key: string, title: string, text: string): RawPost => ({
    source: 'zhongwu',
    key,
    url: `https://www.zhong5.cn/thread-${key}-1-1.html`,
    kind: 'thread',
    parent: null,
    floor: 1,
    board: '百姓呼声',
    title,
    author: { id: '7', name: '湖塘小马' },
    text,
    quote: null,
    images: [],
    publishedAt: '2026-11-18T01:00:00.000Z',
    publishedPrecision: 'minute',
    publishedRaw: '前天',
    seenAt: '2026-11-18T02:00:00.000Z',
    counts: { views: 10, replies: 0, reposts: null, likes: null },
    place: null,
    state: 'visible',
  })

  beforeAll(async () => {
    test = await testContext(NIGHT)
    lexicon = new Lexicon(test.context)
    const { db, now } = test.context
    await db.transaction().execute(trx =>
      recordPosts(
        trx,
        Array.from({ length: 40 }, (_, at) =>
          at % 2
            ? post(`k${at}`, `${at}号楼冷库漏氨`, `${at}号楼冷库氨气泄漏，味道刺鼻，求应急局来查。`)
            : post(`d${at}`, `${at}号店甩卖`, `${SOLD}第${at}批，楼上起火了也不怕。`),
        ),
      ),
    )
    await analyseWaiting(test.context, await lexicon.current())
    // As staff decided them over the months; how a flag came about is not what is learned from.
    const posts = await db.selectFrom('post').select(['id', 'key']).execute()
    for (const { id, key } of posts) {
      const decision = {
        state: key.startsWith('k') ? ('slip' as const) : ('dismissed' as const),
        reason: key.startsWith('k') ? null : 'advertisement',
        decided_at: now() - 86_400_000,
      }
      await db
        .insertInto('flag')
        .values({
          post_id: id,
          flagged_at: now(),
          seq: 100_000 + id,
          unit_id: null,
          decided_by: null,
          note: null,
          slip_id: null,
          ...decision,
        })
        .onConflict(conflict => conflict.column('post_id').doUpdateSet(decision))
        .execute()
    }
  })
  afterAll(() => test.close())

  it('by day nothing is learned', async () => {
    test.clock.now = NIGHT + 8 * 3_600_000
    expect(await learnAtNight(test.context, lexicon, never)).toBeNull()
    test.clock.now = NIGHT
    expect(await feedbackSets(test.context.db)).toEqual([])
  })

  it('proposes once, shows its effect and counts for nothing before 办公室 put it in force', async () => {
    const { db } = test.context
    const version = (await lexicon.current()).version
    const id = await learnAtNight(test.context, lexicon, never)
    const [set] = await feedbackSets(db)
    expect(set).toMatchObject({ id, state: 'proposed', kept: 20, dismissed: 20, decidedBy: null })
    expect(set?.effect).toMatchObject({ days: 30, posts: 40, keptLost: 0 })
    expect(set?.words.find(({ word }) => word === '冷库')?.points).toBeGreaterThan(0)
    expect(set?.words.find(({ word }) => word === '甩卖')?.points).toBeLessThan(0)
    // The same decisions say nothing new, and nobody is told twice.
    expect(await learnAtNight(test.context, lexicon, never)).toBeNull()
    expect(await liveFeedback(db)).toEqual([])
    expect((await lexicon.current()).version).toBe(version)
    const told = await db.selectFrom('notice').select('title').where('key', 'like', 'feedback:%').execute()
    expect(told).toHaveLength(1)
  })

  it('in force it moves the topic gate within its bounds and says so; out of force all is as before', async () => {
    const text = { source: 'zhongwu', text: '老板甩卖清仓，量大从优' }
    const before = await lexicon.current()
    const [set] = await feedbackSets(test.context.db)
    const url = (act: string) => `/api/feedback/${set?.id}/${act}`
    expect((await test.as('duty')('POST', url('live'), { why: '可行' })).statusCode).toBe(403)
    expect((await test.as('office')('POST', url('live'), { why: '可行' })).statusCode).toBe(200)
    const during = await lexicon.current()
    expect(during.version).not.toBe(before.version)
    const reasons = during.analyse(text).reasons.filter(({ kind }) => kind === 'feedback')
    expect(reasons.map(({ message }) => message)).toContain('值班反馈：含「甩卖」的多被排除')
    expect(before.analyse(text).gates.topic - during.analyse(text).gates.topic).toBeLessThanOrEqual(
      MOST_IN_ALL + 1e-9,
    )
    expect((await test.as('office')('POST', url('reject'), { why: '不行' })).json().code).toBe('rule.decided')

    expect((await test.as('office')('POST', url('retire'), { why: '先停' })).statusCode).toBe(200)
    const after = await lexicon.current()
    expect(after.version).toBe(before.version)
    expect(after.analyse(text)).toEqual(before.analyse(text))
    // Every step can be undone.
    expect((await test.as('office')('POST', url('live'), { why: '恢复' })).statusCode).toBe(200)
    const list = (await test.as('duty')('GET', '/api/feedback')).json()
    expect(list[0]).toMatchObject({ state: 'live', decidedWhy: '恢复' })
    const entries = await test.context.db
      .selectFrom('audit_entry')
      .select('action')
      .where('case_id', '=', `feedback-${set?.id}`)
      .orderBy('seq')
      .execute()
    expect(entries.map(({ action }) => action)).toEqual(['live', 'retired', 'live'])
  })

  it('many words together stay within the bound of all', () => {
    const list = Array.from({ length: 5 }, (_, at) => ({ word: `词${at}`, points: 9 }))
    const find = compileFeedback(list, new WordTable(), word => word)
    const all = [0, 1, 2, 3, 4]
    const hits = { count: 5, word: Int32Array.from(all), end: Int32Array.from(all, at => at + 2) }
    expect(find({ ...hitBuffer(), ...hits }).points).toBe(MOST_IN_ALL)
  })
})
