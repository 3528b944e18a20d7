import { describe, expect, it } from 'vitest'
import { type AlarmFacts, alarmsOf } from '../../../api/sources/alarms.ts'
import { sourceHealth } from '../../../api/sources/rules.ts'
import { sourceConfig } from './source-config.ts'

const HOUR = 3_600_000
const NOW = Date.parse('2019-05-20T12:00:00+08:00')
const even = (perDay: number) => new Array<number>(24).fill(perDay / 24)
const board = (over: Partial<AlarmFacts['boards'][number]> = {}): AlarmFacts['boards'][number] => ({
  name: '百姓呼声',
  rhythm: even(24),
  watchedSince: NOW - 30 * 24 * HOUR,
  readAt: NOW - 60_000,
  newsAt: NOW - HOUR,
  failures: 0,
  errorKind: null,
  emptyReads: 0,
  missedReads: 0,
  ...over,
})
const kinds = (boards: AlarmFacts['boards'], over: Partial<AlarmFacts> = {}, now = NOW) =>
  alarmsOf({ breaker: null, boards, recent: { posts: 40, undated: 1 }, ...over }, now).map(({ kind }) => kind)

describe('alarms of a source', () => {
  it('none while it is well', () => {
    expect(kinds([board()])).toEqual([])
  })
  it('silence is measured by its own rhythm, and ends with the next post', () => {
    expect(kinds([board({ newsAt: NOW - 9 * HOUR })])).toEqual([])
    expect(kinds([board({ newsAt: NOW - 11 * HOUR })])).toEqual(['silence'])
    expect(kinds([board({ newsAt: NOW - 11 * HOUR, rhythm: even(6) })])).toEqual([])
    expect(kinds([board({ newsAt: NOW - 11 * HOUR, watchedSince: NOW - 24 * HOUR })])).toEqual([])
    expect(kinds([board({ newsAt: NOW - 11 * HOUR }), board({ name: '茶座' })])).toEqual([])
  })
  it('pages without posts, unreadable dates, a login, a challenge, a site that fails', () => {
    expect(kinds([board({ emptyReads: 3 })])).toEqual(['yield'])
    expect(kinds([board({ missedReads: 3 })])).toEqual(['yield'])
    expect(kinds([board({ emptyReads: 9, newsAt: null })])).toEqual([])
    expect(kinds([board()], { recent: { posts: 20, undated: 16 } })).toEqual(['dates'])
    expect(kinds([board({ failures: 3, errorKind: 'login' })])).toEqual(['login'])
    expect(kinds([board({ failures: 2, errorKind: 'login' })])).toEqual([])
    expect(kinds([board({ failures: 3, errorKind: 'parse' })])).toEqual(['failing'])
    const breaker = { level: 1, until: NOW + HOUR, reason: '站点要求验证' }
    expect(kinds([board({ failures: 3, errorKind: 'challenge' })], { breaker })).toEqual(['challenge'])
  })
  it('a source that is silent or yields nothing is not called well', () => {
    const boards = [{ name: '百姓呼声', readAt: NOW - 60_000, failures: 0, error: null }]
    const health = (alarms: { title: string }[]) =>
      sourceHealth(
        { config: sourceConfig('a'), enabled: true, reason: null, breaker: null, boards, alarms },
        NOW,
      )
    expect(health([])).toMatchObject({ health: 'ok' })
    const title = '「百姓呼声」读得到页面，读不出帖子'
    expect(health([{ title }])).toEqual({ health: 'failing', healthText: title })
  })
  it('an episode keeps its name while it lasts', () => {
    const at = (now: number) =>
      alarmsOf(
        {
          breaker: null,
          boards: [board({ newsAt: NOW - 11 * HOUR })],
          recent: { posts: 0, undated: 0 },
        },
        now,
      )[0]?.since
    expect(at(NOW + HOUR)).toBe(at(NOW))
  })
})
