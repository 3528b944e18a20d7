import { beforeAll, expect, it } from 'vitest'
import type { Db } from '../../../api/db/open.ts'
import { hostState, storedPace } from '../../../api/sources/pace-store.ts'
import {
  askForVisit,
  boardReadTo,
  dueRevisits,
  dueSources,
  lastVisits,
  pageValidators,
  saveThread,
  saveValidators,
  saveVisit,
  seedSources,
  setEnabled,
  sourceById,
  sourceList,
  threadMemory,
  unwatchThread,
  watchThread,
} from '../../../api/sources/store.ts'
import type { SourceOutcome } from '../../../crawlers/site.ts'
import { onEveryDatabase } from '../../databases.ts'
import { sourceConfig } from './source-config.ts'

const AT = Date.parse('2026-11-20T15:30:00Z')
const MINUTE = 60_000
const iso = (ms: number) => new Date(ms).toISOString()

onEveryDatabase('sources', get => {
  let db: Db
  const inTrx = <T>(work: Parameters<ReturnType<Db['transaction']>['execute']>[0]) =>
    db.transaction().execute(work) as Promise<T>
  beforeAll(async () => {
    db = get().db
    await inTrx(trx =>
      seedSources(
        trx,
        [sourceConfig('a'), sourceConfig('b'), sourceConfig('off', { enabled: false, reason: '待核实' })],
        AT,
      ),
    )
  })

  it('the file fills what is not there and changes nothing that is', async () => {
    await inTrx(trx => setEnabled(trx, 'b', false, '暂停', AT))
    await inTrx(trx => seedSources(trx, [sourceConfig('b', { name: '改名' }), sourceConfig('c')], AT + 1))
    expect((await sourceList(db)).map(({ config, enabled }) => [config.name, enabled])).toEqual([
      ['信源a', true],
      ['信源b', false],
      ['信源off', false],
      ['信源c', true],
    ])
    expect((await sourceById(db, 'off'))?.reason).toBe('待核实')
    expect(await sourceById(db, 'none')).toBeNull()
  })

  it('only what is on and due is visited; a visit can be asked for', async () => {
    expect((await dueSources(db, AT)).map(({ config }) => config.id)).toEqual(['a'])
    expect(await inTrx(trx => askForVisit(trx, 'off', AT))).toBe(false)
    expect(await inTrx(trx => askForVisit(trx, 'c', AT - 1))).toBe(true)
    expect((await dueSources(db, AT)).map(({ config }) => config.id)).toEqual(['c', 'a'])
  })

  const outcome = (over: Partial<SourceOutcome>): SourceOutcome => ({
    source: 'a',
    startedAt: iso(AT),
    finishedAt: iso(AT + MINUTE),
    pages: 3,
    threadsListed: 20,
    threadsRead: 2,
    posts: 9,
    readTo: [],
    error: null,
    ...over,
  })
  const visited = (over: Partial<SourceOutcome>, postsNew = 0) =>
    inTrx(trx => saveVisit(trx, outcome(over), { postsNew, nextVisitAt: AT + 5 * MINUTE }))

  it('a visit says when to come again, counts failures in a row and keeps the bookmark of each board', async () => {
    expect(await boardReadTo(db, 'a', '2')).toBeNull()
    await visited({ readTo: [{ board: '2', at: iso(AT - MINUTE) }] }, 4)
    expect(await boardReadTo(db, 'a', '2')).toBe(iso(AT - MINUTE))
    const error = { kind: 'parse', url: 'https://a.example.cn/x', message: '页面上没有帖子列表' } as const
    await visited({ error })
    await visited({ error })
    expect(await boardReadTo(db, 'a', '2')).toBe(iso(AT - MINUTE))
    const source = await sourceById(db, 'a')
    expect(source).toMatchObject({ consecutiveFailures: 2, lastSuccessAt: AT + MINUTE })
    expect(source?.nextVisitAt).toBeGreaterThan(AT)
    await visited({})
    expect((await sourceById(db, 'a'))?.consecutiveFailures).toBe(0)
    expect((await lastVisits(db, 'a', 10)).map(({ errorKind }) => errorKind)).toEqual([
      null,
      'parse',
      'parse',
      null,
    ])
  })

  const memory = { replies: 3, lastReplyAt: iso(AT), lastPage: 2, readAt: iso(AT) }

  it("a thread's bookmark is written and read back", async () => {
    expect(await threadMemory(db, 'a', '77')).toBeNull()
    await inTrx(trx => saveThread(trx, 'a', { key: '77', memory, state: 'visible' }))
    await inTrx(trx =>
      saveThread(trx, 'a', { key: '77', memory: { ...memory, replies: 9 }, state: 'visible' }),
    )
    expect(await threadMemory(db, 'a', '77')).toEqual({ ...memory, replies: 9 })
    expect(await threadMemory(db, 'b', '77')).toBeNull()
  })

  it('a watched thread stays due until it has been read', async () => {
    await inTrx(trx => watchThread(trx, 'a', '88', AT))
    await inTrx(trx => watchThread(trx, 'nobody', '88', AT))
    expect(await threadMemory(db, 'a', '88')).toBeNull()
    expect(await dueRevisits(db, 'a', AT - 1)).toEqual([])
    expect(await dueRevisits(db, 'a', AT)).toEqual(['88'])
    expect(await dueRevisits(db, 'a', AT)).toEqual(['88'])
    await inTrx(trx => saveThread(trx, 'a', { key: '88', memory, state: 'gone' }))
    expect(await dueRevisits(db, 'a', AT)).toEqual([])
    expect(await dueRevisits(db, 'a', AT + 8 * 86_400_000)).toEqual(['88'])
    await inTrx(trx => unwatchThread(trx, 'a', '88'))
    expect(await dueRevisits(db, 'a', AT + 8 * 86_400_000)).toEqual([])
  })

  it('what a page gave to ask by is kept by address', async () => {
    const url = 'https://a.example.cn/rss'
    await inTrx(trx => saveValidators(trx, url, { etag: '"1"' }, AT))
    await inTrx(trx => saveValidators(trx, url, { etag: '"2"', 'last-modified': 'x' }, AT))
    await inTrx(trx => saveValidators(trx, `${url}2`, {}, AT))
    expect(await pageValidators(db, url)).toEqual({ etag: '"2"', lastModified: 'x' })
    expect(await pageValidators(db, `${url}2`)).toBeNull()
  })

  it('pace: counts of the Shanghai day, a ladder of breakers, both outlive a restart', async () => {
    let now = AT
    const pace = () => storedPace(db, () => now)
    await Promise.all([pace().count('h'), pace().count('h'), pace().count('h')])
    expect((await hostState(db, 'h', now)).requestsToday).toBe(3)
    expect(await pace().hold('h', 4)).toBeNull()
    expect(await pace().hold('h', 3)).toEqual({
      until: Date.parse('2026-11-20T16:00:00Z'),
      reason: '已到当日访问上限',
    })
    now += 40 * MINUTE
    expect(await pace().hold('h', 3)).toBeNull()
    for (const minutes of [30, 120, 720, 720]) {
      const until = await pace().trip('h', '站点要求验证')
      expect(until).toBe(now + minutes * MINUTE)
      expect(await pace().hold('h', 3)).toMatchObject({ until, reason: '站点要求验证' })
      now = until
      expect(await pace().hold('h', 3)).toBeNull()
    }
    await pace().recover('h')
    expect(await pace().trip('h', 'x')).toBe(now + 30 * MINUTE)
  })
})
