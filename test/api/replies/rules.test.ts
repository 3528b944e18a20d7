import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { blanksOf, checkReply } from '../../../api/replies/rules.ts'

const GOOD = '您好，您反映的加油站夜间卸油一事，我局5月21日到现场核查，已责令停用卸油口。感谢您的监督。'
const kindsOf = (text: string, isPublic = true) => checkReply(text, isPublic).map(({ kind }) => kind)

describe('the reply desk', () => {
  it('has nothing to say about a plain answer', () => {
    expect(checkReply(GOOD, true)).toEqual([])
  })

  it('finds every blank that nobody filled in', () => {
    expect(blanksOf('我局【填：核查日期】核查，联系电话____，【填】。')).toEqual([
      '【填：核查日期】',
      '____',
      '【填】',
    ])
    expect(blanksOf('【通知】本月起实行新规，下划线_不算。')).toEqual([])
  })

  it.each([
    ['我局将尽快核查处理，请您放心，感谢您的关注与支持。', ['promise']],
    ['我局将于5月24日前答复您，请您放心，感谢关注。', []],
    ['我局会在两个工作日内答复您，请您放心，感谢关注。', []],
    ['我局将于【填：答复日期】前答复您，请您放心，感谢关注。', []],
    ['已于昨日完成整改，现场已恢复，请您放心，感谢关注。', []],
  ])('a promise without a date: %s', (text, kinds) => {
    expect(kindsOf(text).filter(kind => kind === 'promise')).toEqual(kinds)
  })

  it('personal data only where everybody reads it', () => {
    const text = `${GOOD}举报人电话13812345678。`
    expect(checkReply(text, true)).toEqual([
      { kind: 'personal', words: '13812345678', advice: expect.stringContaining('隐去') },
    ])
    expect(checkReply(text, false)).toEqual([])
  })

  it('length and tone', () => {
    expect(kindsOf('已处理。')).toContain('length')
    expect(kindsOf(`${GOOD}${'现场已清理完毕。'.repeat(50)}`)).toEqual(['length'])
    expect(kindsOf(`${GOOD}此事不归我局管。`)).toEqual(['tone'])
    expect(kindsOf(`你好，${GOOD.slice(3)}`)).toEqual([])
    expect(kindsOf(`${GOOD}请你自行解决。`)).toEqual(['tone', 'tone'])
  })

  it('the shipped templates state no fact: each has blanks and no figure of its own', () => {
    const file = new URL('../../../config/reply-templates.yaml', import.meta.url)
    const { templates } = parse(readFileSync(file, 'utf8')) as { templates: { body: string }[] }
    expect(templates.length).toBeGreaterThan(3)
    for (const { body } of templates) {
      expect(blanksOf(body).length).toBeGreaterThan(2)
      expect(body.replace(/【填[^】]*】/g, '')).not.toMatch(/\d/)
    }
  })
})
