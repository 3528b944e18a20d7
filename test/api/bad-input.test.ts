import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestContext, testContext } from './context.ts'

let test: TestContext
beforeAll(async () => {
  test = await testContext()
})
afterAll(() => test.close())

const said = async (login: string, url: string, body: object, headers = {}): Promise<string> => {
  const answer = await test.as(login)('POST', url, body, headers)
  expect([answer.statusCode, answer.json().code]).toEqual([400, 'request.invalid'])
  return answer.json().message
}

describe('what was sent wrongly', () => {
  it('is said in Chinese, by the names of the fields', async () => {
    expect(await said('officehead', '/api/calendar/2027/read', { text: '放假' })).toBe(
      '提交的内容有误：内容至少 10 个字。请改正后再试。',
    )
    expect(await said('officehead', '/api/calendar/2027/read', {})).toBe(
      '提交的内容有误：缺少内容。请改正后再试。',
    )
    const long = { source: '来电', text: '冒烟', title: '厂'.repeat(5_000) }
    expect(await said('duty', '/api/intake/posts', long)).toMatch(/：标题不能超过 \d+ 个字。/)
    expect(await said('duty', '/api/intake/posts', { source: '', text: '' })).toMatch(
      /来自不能为空；内容不能为空/,
    )
  })

  it('of whatever kind, without a word of English', async () => {
    for (const body of [[], { text: 7 }, { text: null, source: {} }])
      expect(await said('duty', '/api/intake/posts', body as object)).not.toMatch(/must|expected|not/i)
  })
})
