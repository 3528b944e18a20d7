import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportAnswer, Rule, RuleHistory, RuleView } from '../../../api/rules/routes.ts'
import { type TestContext, testContext } from '../context.ts'

let test: TestContext
let url: string
beforeAll(async () => {
  test = await testContext(Date.parse('2026-11-20T10:00+08:00'))
  url = await test.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => test.close())

interface Answer<T> {
  status: number
  body: T & { code?: string; message?: string }
}

async function call<T = object>(login: string, method: string, path: string, body?: object) {
  const headers = { origin: url, cookie: await test.cookie(login), 'content-type': 'application/json' }
  const answer = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  return { status: answer.status, body: await answer.json() } as Answer<T>
}

const GOOD: Rule = {
  id: 'balloon',
  name: '氢气球',
  topic: '安全生产/危险化学品',
  unit: '办公室',
  topicPoints: 1,
  any: ['氢气球', 'LPG 气球'],
  sources: ['zhongwu'],
}
const propose = (rule: object, more: object = {}) =>
  call<{ id: string; version: number }>('duty', 'POST', '/api/rules', { rule, why: '试试', ...more })
const put = (yaml: string, preview = false) =>
  call<ImportAnswer>('office', 'POST', '/api/rules/import', { yaml, why: '年度整理', preview })
const versionsOf = async (id: string) =>
  (await call<RuleHistory>('office', 'GET', `/api/rules/${id}`)).body.versions

describe('a wrong rule is refused, naming the field and what to do', () => {
  const all = async () => JSON.stringify((await call<RuleView[]>('office', 'GET', '/api/rules')).body)
  it.each<[string, object, RegExp]>([
    ['end before start', { from: '2026-12-02', to: '2026-12-01' }, /止用日（2026-12-01）早于起用日/],
    ['no such day', { from: '2026-02-30' }, /起用日「2026-02-30」不是日历上有的一天/],
    ['no such topic', { topic: '安全生产/飞碟' }, /类别「安全生产\/飞碟」不存在，可用的有：.*安全生产\/燃气/],
    ['no such class', { eventClass: 'ufo' }, /事件类型「ufo」不存在/],
    ['no such unit', { unit: '飞碟处' }, /建议处室「飞碟处」不存在或已撤销，可用的有：办公室/],
    ['no such source', { sources: ['nowhere'] }, /信源「nowhere」不存在/],
    ['distance 0', { near: [{ a: ['气'], b: ['球'], within: 0 }] }, /相距第 1 对的字数须在 1 到 200 之间/],
    ['empty side', { near: [{ a: ['气'], b: [], within: 9 }] }, /相距第 1 对右边不能为空/],
    ['regex of nothing', { regex: 'x*' }, /正则连空文字也匹配/],
    ['look-around', { regex: '漏(?=气)' }, /正则不支持前后查看/],
    ['broken regex', { regex: '(' }, /正则写错了/],
    ['word on both sides', { none: ['氢气球'] }, /「氢气球」既在「任一」又在「都不得有」/],
    ['points out of range', { topicPoints: 9 }, /主题分须在 −2 到 2 之间/],
    ['points no number', { actionPoints: 'abc' }, /需处置分须为数字/],
    ['long name', { name: '长'.repeat(41) }, /名称「长{12}…」太长，最多 40 个字/],
    ['long word', { any: ['好', '长'.repeat(61)] }, /任一第 2 个词「长{12}…」太长，最多 60 个字/],
    ['severity 7', { severity: 7 }, /严重程度提示须为 1、2、3 之一/],
    ['bad id', { id: 'Bad Id' }, /编号须为小写字母/],
    ['unknown field', { colour: 'red' }, /没有「colour」这一项/],
    ['no points', { topicPoints: 0 }, /主题分和需处置分至少填一项/],
  ])('%s', async (_, wrong, says) => {
    const before = await all()
    const { status, body } = await propose({ ...GOOD, ...wrong })
    expect(status, body.message).toBe(400)
    expect(body.code).toBe('rule.invalid')
    expect(body.message).toMatch(says)
    expect(await all()).toBe(before)
  })
})

describe('what is sent twice counts once', () => {
  it('a proposal equal to the newest pending version is that version', async () => {
    expect((await propose(GOOD, { isNew: true })).body).toEqual({ id: 'balloon', version: 1 })
    expect((await propose(GOOD, { isNew: true })).body).toEqual({ id: 'balloon', version: 1 })
    expect(await versionsOf('balloon')).toHaveLength(1)
    expect((await propose({ ...GOOD, any: ['氢气球'] })).body).toEqual({ id: 'balloon', version: 2 })
  })

  it('a new rule does not take the id of another; the same as live is no change', async () => {
    const taken = await propose({ ...GOOD, id: 'gas-smell' }, { isNew: true })
    expect(taken.status).toBe(409)
    expect(taken.body.message).toMatch(/编号「gas-smell」已经用于规则「煤气味」，请换一个编号/)
    const live = (await versionsOf('gas-smell')).find(({ state }) => state === 'live')
    expect((await propose(live?.body as Rule)).body.code).toBe('rule.same')
    expect(await versionsOf('gas-smell')).toHaveLength(1)
  })

  it('a file imported twice proposes each rule once', async () => {
    const yaml = 'rules:\n  - { id: aa, name: 甲, any: [氢气罐], topicPoints: 1 }\n'
    expect((await put(yaml)).body).toMatchObject({ added: ['aa'], waiting: [] })
    expect((await put(yaml)).body).toMatchObject({ added: [], waiting: ['aa'] })
    expect(await versionsOf('aa')).toHaveLength(1)
  })
})

describe('a file of rules', () => {
  it.each([
    ['plain text', '这是一段文字'],
    ['a list', '- { id: aa, name: 甲, any: [乙], topicPoints: 1 }'],
    ['nothing', ''],
    ['no rules in it', 'rules: []'],
    ['other content', 'sources: [1]'],
  ])('without rules is refused: %s', async (_, yaml) => {
    const { status, body } = await put(yaml, true)
    expect(status).toBe(400)
    expect(body.message).toContain('文件里没有规则，须以 rules: 开头')
  })

  it('that is no YAML says the line', async () => {
    const broken = await put('rules:\n  - { id: aa, name: 甲\n  - { id: bb }\n', true)
    expect(broken.body.message).toMatch(/不是有效的 YAML 文件：\n第 \d 行/)
    const tab = await put('rules:\n  - id: aa\n\tname: 甲\n', true)
    expect(tab.body.message).toMatch(/第 3 行：/)
    const twice = await put('rules:\n  - id: aa\n    name: 甲\n    name: 乙\n', true)
    expect(twice.body.message).toMatch(/第 4 行：同一项写了两次/)
    expect((await put('rules: *nowhere', true)).body.message).toMatch(/不是有效的 YAML 文件/)
  })

  it('names all faults of all rules by line, in Chinese', async () => {
    const yaml = `rules:
  - { id: aa, name: 甲, any: 5, topicPoints: 3 }
  - { id: bb, any: [$none, 12350], actionPoints: 1, colour: red }
  - 只是文字
  - { id: cc, name: 丙, any: [乙], topicPoints: 1, topic: 飞碟, regex: '(?=乙)' }
  - { id: cc, name: 丁, any: [丁], topicPoints: 1 }
  - { id: dd, name: 戊, any: [$none], topicPoints: 1 }
`
    const { message = '' } = (await put(yaml, true)).body
    for (const said of [
      '第 2 行（aa）：任一须为清单。',
      '第 2 行（aa）：主题分须在 −2 到 2 之间。',
      '第 3 行（bb）：缺少名称。',
      '第 3 行（bb）：没有「colour」这一项',
      '第 3 行（bb）：任一第 2 个词须为文字（数字请加引号）。',
      '第 4 行（没有编号）：规则须按',
      '第 5 行（cc）：正则不支持前后查看',
      '第 6 行（cc）：编号与第 5 行的规则重复',
      '第 7 行（dd）：任一的「$none」：$ 开头的是词组',
    ])
      expect(message).toContain(said)
    expect(message).not.toMatch(/must|topicPoints|near/)
  })
})
