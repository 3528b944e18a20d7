import { resolve } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { type AnalyzeOptions, analyzeCommand } from '../../api/analyze.ts'

async function run(lines: string[], flags: Omit<AnalyzeOptions, 'configDir'>) {
  const [output, errors] = [new PassThrough(), new PassThrough()]
  const [answers, complaints] = [text(output), text(errors)]
  const configDir = resolve(import.meta.dirname, '../../config')
  const code = await analyzeCommand(Readable.from(lines.map(line => `${line}\n`)), output, errors, {
    configDir,
    ...flags,
  })
  output.end()
  errors.end()
  return {
    code,
    answers: (await answers)
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line)),
    complaints: await complaints,
  }
}

const REPOST = '清潭五村北门的配电箱门掉了，电线裸露在外面，旁边就是幼儿园放学的路，物业看到了也不修。'

describe('analyze', () => {
  it('takes posted_at for the time, in Shanghai where it names no zone; what is no time is named', async () => {
    const line = (more: object) => JSON.stringify({ id: 'x', text: REPOST, ...more })
    const { code, answers, complaints } = await run(
      [
        line({ posted_at: '2021-07-21 08:30' }),
        line({ publishedAt: '2021-07-21T00:30:00Z' }),
        line({ posted_at: '前天' }),
      ],
      {},
    )
    expect([code, answers.map(({ id }) => id)]).toEqual([2, ['x', 'x', null]])
    expect(complaints).toMatch(/^第3行：publishedAt（或 posted_at）应为/)
  })
})

describe('analyze --pairs', () => {
  it('answers {id, same, score} a line, in order', async () => {
    const { code, answers } = await run(
      [
        JSON.stringify({ id: 'p1', a: REPOST, b: `转：${REPOST}` }),
        JSON.stringify({
          id: 'p2',
          a: REPOST,
          b: '龙城大道涵洞积水半米深，几辆车子熄火在里面，请尽快排涝。',
        }),
      ],
      { pairs: true },
    )
    expect(code).toBe(0)
    expect(answers).toEqual([
      { id: 'p1', same: true, score: 1 },
      { id: 'p2', same: false, score: expect.any(Number) },
    ])
    expect(answers[1].score).toBeLessThan(0.5)
  })

  it('names a bad line and answers the others', async () => {
    const { code, answers, complaints } = await run(
      ['{"id":1,"a":"只有一半"}', JSON.stringify({ id: 2, a: REPOST, b: REPOST })],
      { pairs: true },
    )
    expect(code).toBe(2)
    expect(answers).toEqual([
      { id: null, error: '第1行：应为 {"id", "a", "b"}。' },
      { id: 2, same: true, score: 1 },
    ])
    expect(complaints).toBe('第1行：应为 {"id", "a", "b"}。\n')
  })
})

describe('analyze --events', () => {
  const posts = [
    {
      id: 'a',
      title: '博爱路瑞锦大厦着火了',
      text: '瑞锦大厦五楼窗户往外冒黑烟，消防车来了三辆。',
      publishedAt: '2019-05-20T13:10:00Z',
    },
    { id: 'b', text: REPOST },
    { id: 'c', text: '瑞锦大厦那边浓烟滚滚，楼上还有人没下来。', publishedAt: '2019-05-20T13:40:00Z' },
    { id: 'd', text: REPOST.replace('。', '！') },
  ]

  it('answers {id, event} in order; copies are of one event', async () => {
    const { code, answers } = await run(
      posts.map(post => JSON.stringify(post)),
      { events: true },
    )
    expect(code).toBe(0)
    expect(answers).toEqual([
      { id: 'a', event: 'e1' },
      { id: 'b', event: 'e2' },
      { id: 'c', event: 'e1' },
      { id: 'd', event: 'e2' },
    ])
  })

  it('refuses a time that is none instead of taking it for unknown', async () => {
    const { code, answers } = await run(
      [JSON.stringify({ ...posts[0], publishedAt: '昨天' }), JSON.stringify(posts[1])],
      {
        events: true,
      },
    )
    expect(code).toBe(2)
    expect(answers).toEqual([
      { id: null, error: '第1行：publishedAt（或 posted_at）应为 ISO 时间、2026-11-24 09:30 或 null。' },
      { id: 'b', event: 'e1' },
    ])
  })
})
