/** 补采 by the program itself, killed again and again: what it had read back stays read, nothing is missed or doubled. */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { askBackfill, backfills } from '../../api/sources/backfill-store.ts'
import { startReplica } from '../replica/index.ts'
import { randomFrom } from '../replica/random.ts'
import { Simulation } from './simulation.ts'

const START = Date.parse('2026-03-02T10:00:00+08:00')
const DAY = 86_400_000
const OLD = 90
const KILLS = 6
/** Of the back-fill: lists and threads that it asks for, about. */
const REQUESTS = 110

let simulation: Simulation
const now = () => simulation?.now ?? START
const replica = await startReplica({ charset: 'utf-8', now, seed: 12, threads: 40 })
const boardKey = '2'

beforeAll(async () => {
  for (let i = 0; i < OLD; i++)
    replica.board.addThread({
      fid: Number(boardKey),
      title: `旧帖第${i}号`,
      text: `第${i}条旧内容`,
      author: '老住户',
      at: START - (14 + i) * DAY,
    })
  const source = { ...replica.source, listPages: 1, delaySeconds: 1, visitSeconds: 600 }
  simulation = new Simulation(START, [source])
  await simulation.start()
  // The first look at both boards is over.
  while (simulation.now < START + 4 * 60_000) await simulation.go()
}, 240_000)
afterAll(async () => {
  await simulation.end()
  await replica.close()
})

async function progress() {
  const { db, close } = await simulation.open()
  try {
    const [row] = await backfills(db)
    return { state: row?.state, page: row?.page ?? 0, pages: row?.pages ?? 0 }
  } finally {
    await close()
  }
}

it('goes on where it was after every kill -9, and brings every old thread once', async () => {
  const { db, close } = await simulation.open()
  const config = { ...replica.source, listPages: 1 }
  await db
    .transaction()
    .execute(trx =>
      askBackfill(trx, config, { boards: [boardKey], since: START - 200 * DAY, personId: 1, at: START }),
    )
  await close()
  const random = randomFrom(5)
  const way = [await progress()]
  const from = replica.requests.length
  for (let kill = 1; kill <= KILLS; kill++) {
    const goal = from + Math.floor((kill * REQUESTS) / (KILLS + 1))
    while (replica.requests.length < goal) await simulation.go()
    await wait(random.below(12))
    await simulation.kill()
    way.push(await progress())
  }
  const latest = simulation.now + 3_600_000
  while (simulation.now < latest && (await progress()).state === 'running')
    for (let tick = 0; tick < 25; tick++) await simulation.go()
  const end = await progress()
  expect(end.state).toBe('done')
  // It never falls back, and is killed while it is on its way.
  expect(way.map(({ page }) => page)).toEqual(way.map(({ page }) => page).sort((a, b) => a - b))
  expect(new Set(way.map(({ page }) => page)).size).toBeGreaterThan(2)
  expect(way.every(({ state }) => state === 'running')).toBe(true)
  const after = await simulation.open()
  const posts = await after.db.selectFrom('post').select(['key', 'title', 'text', 'revision']).execute()
  await after.close()
  const old = posts.filter(({ title }) => title?.startsWith('旧帖'))
  expect(old.length).toBe(OLD)
  expect(old.filter(({ text, revision }) => !/^第\d+条旧内容$/.test(text) || revision !== 1)).toEqual([])
  expect(new Set(posts.map(({ key }) => key)).size).toBe(posts.length)
  // What was on its way at a kill is asked for once more, and no more than that.
  const opened = replica.requests.flatMap(({ url }) => /viewthread&tid=(\d+)$/.exec(url)?.[1] ?? [])
  const again = opened.filter(tid => replica.board.threads.get(Number(tid))?.title.startsWith('旧帖'))
  expect(again.length - new Set(again).size).toBeLessThanOrEqual(KILLS)
}, 240_000)
