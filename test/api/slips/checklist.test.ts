import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import { recordPosts } from '../../../api/posts/store.ts'
import { ticksOf } from '../../../api/slips/checklist.ts'
import type { ChecklistAnswer, SlipDetail } from '../../../api/slips/routes.ts'
import type { SeverityGround } from '../../../pipeline/post.ts'
import { createPipeline } from '../../../pipeline/run.ts'
import { type TestContext, testContext } from '../context.ts'
import { rawPost } from '../desk.ts'
import { addCast } from './cast.ts'
import { at, Road } from './road.ts'

const ground = (sign: SeverityGround['sign'], level: 1 | 2 | 3, text: string): SeverityGround => ({
  sign,
  level,
  count: null,
  message: `${sign} ${level}`,
  spans: [{ field: 'text', start: 0, end: text.length, text }],
})
const rows = (...args: Parameters<typeof ticksOf>) => ticksOf(...args).map(({ row }) => row)

describe('the checklist (requirements §3.1.4, S-10, S-11)', () => {
  it('ticks the row that each sign of the text points to, with its words', () => {
    expect(ticksOf([ground('deaths', 3, '3人死亡')], null, 'none')).toEqual([
      { row: 'casualties', message: 'deaths 3', phrases: ['3人死亡'] },
    ])
    expect(rows([ground('injured', 2, '一人受伤'), ground('media', 3, '央视')], null, 'none')).toEqual([
      'danger',
      'centralMedia',
    ])
    expect(rows([ground('trapped', 3, '数十人被困'), ground('media', 2, '晚报')], null, 'none')).toEqual([
      'casualties',
      'provinceMedia',
    ])
  })

  it('ticks growth on several sites and the media that staff entered; nothing else points to 一般性', () => {
    const spread = { sources: 3, last24h: 9, before24h: 2 }
    expect(rows([], spread, 'none')).toEqual(['severalSites'])
    expect(rows([], { ...spread, sources: 1 }, 'none')).toEqual(['oneForum'])
    expect(rows([], { ...spread, last24h: 2 }, 'province')).toEqual(['provinceMedia'])
    expect(rows([], null, 'central')).toEqual(['centralMedia'])
  })
})

describe('the checklist of a slip', () => {
  let test: TestContext
  let road: Road
  let slip: SlipDetail
  beforeAll(async () => {
    test = await testContext(at('2019-05-20T09:00:00'))
    await addCast(test.context, '2019-05-20')
    road = await Road.open(test)
    const { db, config } = test.context
    const said = {
      key: 'blast',
      source: 'board',
      text: '鼎晟化工反应釜爆炸，听说3人死亡，还有两名工人被困，央视记者也来了。',
    }
    const source = (await db.selectFrom('source').select('id').executeTakeFirstOrThrow()).id
    const { ids } = await db
      .transaction()
      .execute(trx => recordPosts(trx, [rawPost({ ...said, source }, test.clock.now)]))
    await analyseWaiting(test.context, createPipeline({ configDir: config.configDir }))
    slip = await road.create('ownduty', { postIds: [...ids.values()] })
    slip = await road.go('ownduty', slip, 'submit')
  })
  afterAll(() => test.close())

  it('is ticked by the analysis with the phrases, for those who see the slip', async () => {
    const answer = await test.as('officer')('GET', `/api/slips/${slip.id}/checklist`)
    const { ticks } = answer.json<ChecklistAnswer>()
    const casualties = ticks.filter(({ row }) => row === 'casualties').flatMap(({ phrases }) => phrases)
    expect(casualties.join(' ')).toContain('3人死亡')
    expect(ticks.find(({ row }) => row === 'centralMedia')?.phrases).toContain('央视')
    expect((await test.as('admin')('GET', `/api/slips/${slip.id}/checklist`)).statusCode).toBe(403)
  })

  it('is decided by people: another level than it points to, their ticks kept with the judgement', async () => {
    const wrong = await test.as('officer')('POST', `/api/slips/${slip.id}/actions/judge`, {
      version: slip.version,
      level: 'complex',
      ground: '已核实无人员伤亡',
      leadUnitId: 2,
      checklist: ['everything'],
    })
    expect(wrong.statusCode).toBe(400)
    const judged = await road.go('officer', slip, 'judge', {
      level: 'complex',
      ground: '已核实无人员伤亡',
      leadUnitId: 2,
      checklist: ['provinceMedia', 'departments'],
    })
    expect(judged.level).toBe('complex')
    expect(judged.history.at(-1)?.detail.checklist).toEqual(['provinceMedia', 'departments'])
  })
})
