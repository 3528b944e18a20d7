import { describe, expect, it } from 'vitest'
import {
  type BoardFacts,
  expectedPosts,
  hourOfDay,
  intervals,
  nextRevisit,
  planHost,
  rhythmOf,
} from '../../../api/sources/schedule.ts'
import type { SourceConfig } from '../../../crawlers/site.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const at = (text: string) => Date.parse(`${text}+08:00`)
const NOON = at('2019-05-20T12:00')

const config = (more: Partial<SourceConfig> = {}): SourceConfig => ({
  id: 'zhongwu',
  name: '中吴网',
  engine: 'discuz',
  url: 'https://bbs.example.cn/',
  boards: [],
  delaySeconds: 10,
  dailyCeiling: 8_000,
  basis: '公开页面',
  owner: '办公室',
  retentionDays: 30,
  ...more,
})
const even = (perDay: number) => new Array<number>(24).fill(perDay / 24)
const board = (key: string, perDay: number, more: Partial<BoardFacts> = {}): BoardFacts => ({
  key,
  triedAt: NOON - MINUTE,
  askedAt: null,
  failures: 0,
  rhythm: even(perDay),
  lately: 0,
  ...more,
})
const FREE = { requestsToday: 0, crawlDelay: 0, held: null }
const plan = (boards: BoardFacts[], more: Partial<SourceConfig> = {}, host: object = {}, now = NOON) =>
  planHost([{ config: config(more), boards }], { ...FREE, ...host }, now)

describe('rhythm', () => {
  it('is a board’s own amount in the hours of its source, and cautious while little is known', () => {
    const evening = new Array<number>(24).fill(0)
    evening[20] = 1_000
    const learnt = rhythmOf(280, evening, 28)
    expect(learnt.reduce((sum, posts) => sum + posts, 0)).toBeCloseTo(286 / 29, 5)
    expect(learnt[20]).toBeGreaterThan(20 * (learnt[3] as number))
    expect(rhythmOf(0, [], 0)).toEqual(even(6))
  })

  it('tells how many posts to expect between two instants, over midnight and over days', () => {
    const rhythm = even(0)
    rhythm[23] = 6
    rhythm[0] = 2
    expect(expectedPosts(rhythm, at('2019-05-20T23:30'), at('2019-05-21T00:30'))).toBeCloseTo(4)
    expect(expectedPosts(rhythm, at('2019-05-20T12:00'), at('2019-05-23T12:00'))).toBeCloseTo(24)
    expect(hourOfDay(at('2019-05-20T07:59'))).toBe(7)
  })
})

describe('intervals', () => {
  const boards = [8, 1].map(rate => ({ rate, cost: 1, minMs: 1_000, maxMs: 24 * HOUR }))
  it('go with the inverse cube root of the rate and use what is allowed', () => {
    const [busy, quiet] = intervals(boards, 40) as [number, number]
    expect(quiet / busy).toBeCloseTo(2, 3)
    expect(HOUR / busy + HOUR / quiet).toBeCloseTo(40, 3)
  })
  it('never fall under the shortest, and stretch over the longest rather than break the rate', () => {
    expect(intervals(boards, 1e9)).toEqual([1_000, 1_000])
    const short = boards.map(each => ({ ...each, maxMs: HOUR }))
    expect(intervals(short, 1).map(each => each / HOUR)).toEqual([2, 2])
  })
})

describe('a host’s plan', () => {
  it('looks at busy boards more often, within the rate of one request per ten seconds', () => {
    const boards = Array.from({ length: 20 }, (_, i) => board(String(i), i === 0 ? 200 : 8))
    const list = plan(boards)
    const perHour = list.reduce((sum, { intervalMs }) => sum + HOUR / intervalMs, 0)
    expect(perHour).toBeLessThanOrEqual(0.8 * 360)
    expect(list[0]?.intervalMs).toBeLessThan((list[1]?.intervalMs as number) / 2.5)
    expect(list.every(({ why }) => why === null)).toBe(true)
  })

  it('looks more often at a board that is busier than usual', () => {
    const list = plan([board('a', 10), board('b', 10, { lately: 20 })], {
      visitSeconds: 1,
      dailyCeiling: 500,
    })
    expect(list[1]?.intervalMs).toBeLessThan(list[0]?.intervalMs as number)
  })

  it('spreads the day’s ceiling over what is left of the day, threads counted in', () => {
    const boards = [board('a', 24), board('b', 24)]
    const perHour = plan(boards, { dailyCeiling: 400 }).reduce((sum, each) => sum + HOUR / each.intervalMs, 0)
    expect(perHour).toBeCloseTo((400 * 0.9 - 24) / 12, 1)
  })

  it('stops looking at lists when the ceiling is nearly spent, until midnight, and says so', () => {
    const [only] = plan([board('a', 24)], { dailyCeiling: 400 }, { requestsToday: 380 })
    expect(only).toMatchObject({
      at: at('2019-05-21T00:00'),
      why: '今日访问次数将满，余下的留给有新回复的帖子',
    })
  })

  it('waits for a breaker, and says why', () => {
    const held = { until: NOON + 30 * MINUTE, reason: '站点要求验证' }
    const [only] = plan([board('a', 24, { askedAt: NOON })], {}, { held })
    expect(only).toMatchObject({ at: held.until, why: held.reason })
  })

  it('keeps quiet hours, but not where somebody asks', () => {
    const night = at('2019-05-21T01:30')
    const quiet = { quietHours: { from: '01:00', to: '05:30' } }
    const facts = board('a', 24, { triedAt: night - 10 * MINUTE })
    expect(plan([facts], quiet, {}, night)[0]).toMatchObject({
      at: at('2019-05-21T05:30'),
      why: '安静时段，不访问',
    })
    const [asked] = plan([{ ...facts, askedAt: night }], quiet, {}, night)
    expect(asked).toMatchObject({ at: night, urgency: 'asked', why: null })
  })

  it('asks a board that fails less and less often, at most hourly', () => {
    const gap = (failures: number) =>
      (plan([board('a', 24, { failures })])[0]?.at as number) - (NOON - MINUTE)
    expect([gap(1), gap(2), gap(20)]).toEqual([2 * gap(0), 4 * gap(0), HOUR])
    expect(plan([board('a', 24, { failures: 3 })])[0]?.why).toBe('连续 3 次未读成，放慢重试')
  })

  it('goes by the Crawl-delay of robots.txt where that is slower', () => {
    const many = Array.from({ length: 30 }, (_, i) => board(String(i), 8))
    const [ours, theirs] = [plan(many), plan(many, {}, { crawlDelay: 30 })]
    expect((theirs[0]?.intervalMs as number) / (ours[0]?.intervalMs as number)).toBeCloseTo(3, 1)
  })

  it('reads a new board at once', () => {
    expect(plan([board('a', 24, { triedAt: null })])[0]).toMatchObject({ at: NOON, why: null })
  })
})

describe('a watched thread', () => {
  const changed = NOON
  it('is looked at 5 min, 15 min, 1 h, 6 h, 1 d, 3 d and 7 d after its last change', () => {
    const turns: number[] = []
    for (
      let turn = nextRevisit(changed, changed, false);
      turn !== null;
      turn = nextRevisit(changed, turn, false)
    )
      turns.push((turn - changed) / MINUTE)
    expect(turns).toEqual([5, 15, 60, 360, 1_440, 4_320, 10_080])
  })
  it('goes on daily while a slip is open on it', () => {
    const late = changed + 8 * 24 * HOUR
    expect(nextRevisit(changed, late, false)).toBeNull()
    expect(nextRevisit(changed, late, true)).toBe(late + 24 * HOUR)
  })
})
