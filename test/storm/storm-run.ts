import { startAccounts } from '../replica/accounts.ts'
import type { Board } from '../replica/board.ts'
import { startFeeds } from '../replica/feeds.ts'
import { eight, hualongxiang, nine, startForum } from '../replica/forums/index.ts'
import type { ReplicaSite, Truth } from '../replica/host.ts'
import { startReplica } from '../replica/index.ts'
import { newReply, newThread } from '../replica/life.ts'
import { startNews } from '../replica/news.ts'
import type { Newsroom } from '../replica/newsroom.ts'
import { randomFrom } from '../replica/random.ts'
import { Simulation } from './simulation.ts'
import { stormOn, type Weather } from './weather.ts'

const START = Date.parse('2026-03-02T00:10:00Z')
const MINUTE = 60_000
export const DELAY_SECONDS = 4
const THREADS = 40
const BOARDS = [
  { fid: 4, name: '百姓议事' },
  { fid: 9, name: '龙城茶座' },
]
/** Longest time between two looks at a board. */
const LONGEST_LOOK_MS = 30 * MINUTE

type Living = ReplicaSite & ({ board: Board } | { room: Newsroom })

export interface StormOptions {
  /** Simulated. */
  minutes: number
  kills: number
  seed: number
  /** Shares of the requests that are refused, or never answered. */
  stops: number
  silences: number
  /** Two places, or one of every kind. */
  everyKind: boolean
}

export interface StormRun {
  replicas: Living[]
  weather: Map<Living, Weather>
  kills: { at: number; life: number }[]
  lives: number
  /** Of every post: what the places hold in the end, and what was stored. */
  truth: string[]
  held: string[]
  /** Posts that were stored with a text that no place ever showed. */
  revisions: number
  posts: number
  openBreakers: number
  simulatedMs: number
}

async function places(now: () => number, everyKind: boolean): Promise<Living[]> {
  const forum = { now, boards: BOARDS, threads: THREADS }
  const few = [
    startReplica({ charset: 'utf-8', now, seed: 3, threads: THREADS, id: 'zhongwu' }),
    startForum({ ...forum, skin: nine, seed: 5, id: 'shequ', name: '常州社区' }),
  ]
  const others = () => [
    startReplica({ charset: 'gbk', now, seed: 7, threads: THREADS, id: 'longcheng' }),
    startForum({ ...forum, skin: eight, seed: 9, id: 'yanling', name: '延陵论坛' }),
    startForum({ ...forum, skin: hualongxiang, seed: 11, id: 'hualongxiang', name: '化龙巷' }),
    startNews({ now, variant: 'app', seed: 13, articles: 30, id: 'cz001' }),
    startAccounts({ now, seed: 15, articles: 30, id: 'weixin' }),
    startFeeds({ now, seed: 17, articles: 30, id: 'feeds' }),
  ]
  return Promise.all<Living>(everyKind ? [...few, ...others()] : few)
}

/** A board that the site's robots.txt forbids stands in the configuration all the same. */
const FORBIDDEN = { key: '99', name: '内部版块' }

function happen(place: Living, random: ReturnType<typeof randomFrom>, now: number): void {
  if ('room' in place) {
    place.room.liveOn(now)
    return
  }
  const { board } = place
  if (random.below(2)) newThread(board, random, now, random.below(12) === 0 ? random.below(20) : null)
  const open = [...board.threads.values()].filter(
    ({ closed, deleted, loginOnly, sticky }) => !closed && !deleted && !loginOnly && !sticky,
  )
  newReply(board, random, random.pick(open).tid, now)
}

const told = (post: Omit<Truth, 'counts' | 'images' | 'attachments' | 'place' | 'quote'>): string =>
  JSON.stringify([
    ...[post.source, post.key, post.kind, post.parent, post.floor, post.board, post.title],
    ...[post.author.id, post.author.name, post.text, post.publishedAt, post.publishedPrecision, post.state],
  ])

async function stored(simulation: Simulation): Promise<Pick<StormRun, 'held' | 'revisions' | 'posts'>> {
  const { db, close } = await simulation.open()
  try {
    const rows = await db.selectFrom('post').selectAll().execute()
    const held = rows.map(row =>
      told({
        source: row.source_id,
        key: row.key,
        kind: row.kind as Truth['kind'],
        parent: row.parent_key,
        floor: row.floor,
        board: row.board,
        title: row.title,
        author: { id: row.author_id, name: row.author_name },
        text: row.text,
        publishedAt: row.published_at === null ? null : new Date(row.published_at).toISOString(),
        publishedPrecision: row.published_precision as Truth['publishedPrecision'],
        state: row.state,
      }),
    )
    const second = rows.filter(({ revision }) => revision > 1).length
    return { held: held.sort(), revisions: second, posts: rows.length }
  } finally {
    await close()
  }
}

async function openBreakers(simulation: Simulation): Promise<number> {
  const { db, close } = await simulation.open()
  try {
    const rows = await db.selectFrom('host').select(['breaker_until', 'breaker_level']).execute()
    return rows.filter(row => row.breaker_until !== null && row.breaker_until > simulation.now).length
  } finally {
    await close()
  }
}

/**
 * The crawl against places in a storm: so many simulated minutes of refusals, silence and challenge pages with kills
 * at random moments, while posts keep coming; then on in calm until every breaker has closed and every board was due.
 */
export async function stormRun(options: StormOptions): Promise<StormRun> {
  const random = randomFrom(options.seed)
  let simulation: Simulation | undefined
  const now = () => simulation?.now ?? START
  const replicas = await places(now, options.everyKind)
  const sources = replicas.map(({ source }) => ({
    ...source,
    boards: source.engine === 'discuz' ? [...source.boards, FORBIDDEN] : source.boards,
    delaySeconds: DELAY_SECONDS,
    visitSeconds: 300,
  }))
  const running = new Simulation(START, sources)
  simulation = running
  const asked = () => replicas.reduce((sum, { requests }) => sum + requests.length, 0)
  let known = 0
  const go = async () => {
    await running.go()
    if (asked() > known) running.activeAt = running.now
    known = asked()
  }
  try {
    const weather = new Map(
      replicas.map((replica, i) => [
        replica,
        stormOn(replica, { ...options, seed: options.seed + i, pass: ms => running.pass(ms) }),
      ]),
    )
    const end = START + options.minutes * MINUTE
    const killAt = Array.from({ length: options.kills }, () => START + random.next() * (end - START)).sort(
      (a, b) => a - b,
    )
    const kills: StormRun['kills'] = []
    let nextPost = START
    await running.start()
    while (running.now < end) {
      await go()
      if (running.now >= nextPost) {
        happen(random.pick(replicas), random, running.now)
        nextPost = running.now + 5_000 + random.below(20_000)
      }
      if (running.now >= (killAt[0] ?? Number.POSITIVE_INFINITY)) {
        killAt.shift()
        // Some while a page is on its way, some while it is being stored.
        await new Promise(done => setTimeout(done, random.below(12)))
        kills.push({ at: running.now, life: running.lives })
        await running.kill()
      }
    }
    for (const each of weather.values()) each.calm()
    const latest = end + 16 * 60 * MINUTE
    while (running.now < latest && (await openBreakers(running)) > 0)
      for (const until = running.now + MINUTE; running.now < until; ) await go()
    for (const until = running.now + LONGEST_LOOK_MS + 10 * MINUTE; running.now < until; ) await go()
    return {
      replicas,
      weather,
      kills,
      lives: running.lives,
      truth: replicas.flatMap(replica => replica.truth().map(told)).sort(),
      ...(await stored(running)),
      openBreakers: await openBreakers(running),
      simulatedMs: running.now - START,
    }
  } finally {
    await running.end()
    await Promise.all(replicas.map(replica => replica.close()))
  }
}
