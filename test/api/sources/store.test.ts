import { beforeAll, expect, it } from 'vitest'
import type { Db } from '../../../api/db/open.ts'
import {
  askForVisit,
  boardReadTo,
  claimBoard,
  lastVisits,
  loadPlan,
  pageValidators,
  saveRound,
} from '../../../api/sources/plan-store.ts'
import { loadRhythms } from '../../../api/sources/rhythm-store.ts'
import { seedSources, setEnabled, sourceById, sourceList } from '../../../api/sources/store.ts'
import {
  missThread,
  saveThread,
  threadMemory,
  threadStanding,
  unwatchThread,
  watchedThreads,
  watchThread,
} from '../../../api/sources/thread-store.ts'
import type { RoundOutcome } from '../../../crawlers/site.ts'
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
    await inTrx(trx => setEnabled(trx, 'b', 1, false, { personId: null, why: '暂停', at: AT }))
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

  const plan = async (now: number) =>
    (await loadPlan(db, now, await loadRhythms(db, now))).flatMap(({ boards }) => boards)
  const planned = async (source: string, now: number) =>
    (await plan(now)).filter(each => each.source === source)

  it('only what is on is planned; a visit can be asked for', async () => {
    expect((await plan(AT)).map(({ source }) => source)).toEqual(expect.arrayContaining(['a', 'c']))
    expect((await plan(AT)).filter(({ source }) => ['b', 'off'].includes(source))).toEqual([])
    expect(await inTrx(trx => askForVisit(trx, 'off', AT))).toBe(false)
    await inTrx(trx => claimBoard(trx, 'c', '2', null, AT - MINUTE))
    expect((await planned('c', AT))[0]).toMatchObject({ urgency: 'turn' })
    expect(await inTrx(trx => askForVisit(trx, 'c', AT - 1))).toBe(true)
    expect((await planned('c', AT))[0]).toMatchObject({ urgency: 'asked', at: AT - 1 })
  })

  it('one worker begins a round of a board, whoever sees it due', async () => {
    const claim = (triedAt: number | null, at: number) =>
      inTrx<boolean>(trx => claimBoard(trx, 'a', '2', triedAt, at))
    const first = await Promise.all([claim(null, AT), claim(null, AT + 1)])
    expect(first.filter(Boolean).length).toBe(1)
    const [board] = await planned('a', AT)
    const triedAt = board?.row?.tried_at ?? null
    expect(board?.row?.watched_since).toBe(triedAt)
    const second = await Promise.all([claim(triedAt, AT + 2), claim(triedAt, AT + 3)])
    expect(second.filter(Boolean).length).toBe(1)
  })

  const outcome = (over: Partial<RoundOutcome>): RoundOutcome => ({
    source: 'a',
    what: { kind: 'board', board: '2' },
    startedAt: iso(AT),
    finishedAt: iso(AT + MINUTE),
    pages: 3,
    unchanged: 0,
    listed: 20,
    threadsRead: 2,
    threadsMissed: 0,
    posts: 9,
    postsNew: 0,
    whole: true,
    readTo: null,
    validators: [],
    error: null,
    threadError: null,
    backfill: null,
    ...over,
  })
  const ended = (over: Partial<RoundOutcome>) => inTrx(trx => saveRound(trx, outcome(over)))

  it('a round counts failures in a row, keeps the bookmark, and is written down where it brought something', async () => {
    expect(await boardReadTo(db, 'a', '2')).toBeNull()
    await ended({ readTo: iso(AT - MINUTE), postsNew: 4 })
    expect(await boardReadTo(db, 'a', '2')).toBe(iso(AT - MINUTE))
    const error = { kind: 'parse', url: 'https://a.example.cn/x', message: '页面上没有帖子列表' } as const
    await ended({ error, whole: false })
    await ended({ error, whole: false })
    expect(await boardReadTo(db, 'a', '2')).toBe(iso(AT - MINUTE))
    const row = async () => (await planned('a', AT + MINUTE))[0]?.row
    expect(await row()).toMatchObject({
      failures: 2,
      error_kind: 'parse',
      read_at: AT + MINUTE,
      news_at: AT + MINUTE,
    })
    await ended({ threadsRead: 0, posts: 0 })
    expect(await row()).toMatchObject({ failures: 0, error_kind: null })
    const visits = await lastVisits(db, 'a', 10)
    expect(visits.map(({ errorKind }) => errorKind)).toEqual(['parse', 'parse', null])
  })

  it('a list that shows nothing, and threads that can’t be read, are counted until they are back', async () => {
    const row = async () => (await planned('a', AT + MINUTE))[0]?.row
    await ended({ listed: 0, threadsRead: 0 })
    await ended({ threadsRead: 0, threadsMissed: 3 })
    expect(await row()).toMatchObject({ empty_reads: 0, missed_reads: 1 })
    await ended({ listed: 0, threadsRead: 0 })
    await ended({ listed: 0, threadsRead: 0 })
    expect(await row()).toMatchObject({ empty_reads: 2, missed_reads: 1 })
    await ended({ listed: 0, threadsRead: 0, unchanged: 1 })
    expect((await row())?.empty_reads).toBe(0)
    await ended({})
    expect(await row()).toMatchObject({ empty_reads: 0, missed_reads: 0 })
  })

  const memory = { replies: 3, lastReplyAt: iso(AT), lastPage: 2, readAt: iso(AT) }
  const save = (
    key: string,
    over: object = {},
    options: { at?: number; changed?: boolean; next?: number | null } = {},
  ) =>
    inTrx(trx =>
      saveThread(
        trx,
        'a',
        { key, memory, state: 'visible', ...over },
        {
          at: options.at ?? AT,
          changed: options.changed ?? false,
          nextRevisit: async () => options.next ?? null,
        },
      ),
    )

  it("a thread's bookmark is written and read back", async () => {
    expect(await threadMemory(db, 'a', '77')).toBeNull()
    await save('77')
    await save('77', { memory: { ...memory, replies: 9 } })
    expect(await threadMemory(db, 'a', '77')).toEqual({ ...memory, replies: 9 })
    expect(await threadMemory(db, 'b', '77')).toBeNull()
  })

  it('a watched thread stays due until it has been read', async () => {
    const due = async (until: number) => (await watchedThreads(db, until)).map(({ key }) => key)
    await inTrx(trx => watchThread(trx, 'a', '88', AT))
    await inTrx(trx => watchThread(trx, 'a', '88', AT + 9 * MINUTE))
    await inTrx(trx => watchThread(trx, 'nobody', '88', AT))
    expect(await threadMemory(db, 'a', '88')).toBeNull()
    expect([await due(AT - 1), await due(AT), await due(AT)]).toEqual([[], ['88'], ['88']])
    await save('88', { state: 'gone' }, { next: AT + 5 * MINUTE })
    expect([await due(AT), await due(AT + 5 * MINUTE)]).toEqual([[], ['88']])
    await inTrx(trx => unwatchThread(trx, 'a', '88'))
    expect(await due(AT + 5 * MINUTE)).toEqual([])
  })

  it('the watch falls off from the last change of texts, floors or state', async () => {
    const changed: number[] = []
    const read = (at: number, state: string, isChanged: boolean) =>
      inTrx(trx =>
        saveThread(
          trx,
          'a',
          { key: '89', memory, state: state as 'visible' },
          {
            at,
            changed: isChanged,
            async nextRevisit(changedAt) {
              changed.push(changedAt - AT)
              return at + MINUTE
            },
          },
        ),
      )
    await inTrx(trx => watchThread(trx, 'a', '89', AT))
    await read(AT, 'visible', true)
    await read(AT + 10, 'visible', false)
    await read(AT + 20, 'visible', true)
    await read(AT + 30, 'gone', false)
    expect(changed).toEqual([0, 0, 20, 30])
  })

  it('a thread that can’t be read counts as seen after five tries, at once where asking again is useless', async () => {
    const thread = (key: string) => ({ key, replies: 7, lastReplyAt: iso(AT) })
    const miss = (key: string, isFinal: boolean) =>
      inTrx(trx => missThread(trx, 'a', thread(key), { isFinal, at: AT }))
    for (let i = 0; i < 4; i++) await miss('90', false)
    expect(await threadMemory(db, 'a', '90')).toBeNull()
    await miss('90', false)
    expect(await threadMemory(db, 'a', '90')).toMatchObject({ replies: 7 })
    await miss('91', true)
    expect(await threadMemory(db, 'a', '91')).toMatchObject({ replies: 7 })
    await inTrx(trx => watchThread(trx, 'a', '92', AT))
    await miss('92', false)
    await miss('92', false)
    expect((await watchedThreads(db, AT + 600 * MINUTE)).find(({ key }) => key === '92')?.revisitAt).toBe(
      AT + 10 * MINUTE,
    )
    expect(await threadStanding(db, 'a', '92')).toMatchObject({ readAt: null, failures: 2 })
  })

  it('what a page gave to ask by is kept by address', async () => {
    const url = 'https://a.example.cn/rss'
    await ended({ validators: [{ url, validators: { etag: '"1"' } }] })
    await ended({ validators: [{ url, validators: { etag: '"2"', lastModified: 'x' } }] })
    expect(await pageValidators(db, url)).toEqual({ etag: '"2"', lastModified: 'x' })
    expect(await pageValidators(db, `${url}2`)).toBeNull()
  })
})
