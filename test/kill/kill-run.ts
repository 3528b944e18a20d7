import { setTimeout as wait } from 'node:timers/promises'
import type { Db } from '../../api/db/open.ts'
import { watchThread } from '../../api/sources/thread-store.ts'
import type { SourceConfig } from '../../crawlers/site.ts'
import { type Replica, startReplica } from '../replica/index.ts'
import { randomFrom } from '../replica/random.ts'
import { type State, stateOf, waiting } from './state.ts'
import { type Installation, install } from './worker.ts'

export interface KillRun {
  undisturbed: State
  killed: State
  /** What the boards hold in the end. */
  truth: { source: string; key: string; text: string; state: string }[]
  /** Keys of the threads that were deleted while watched, with the text they had. */
  deleted: { key: string; text: string }[]
  edited: string[]
  nonPosts: string[]
  kills: number
}

/** Every text its own, so that which of two copies was read first makes no difference. */
function makeUnique(replica: Replica): void {
  let number = 0
  for (const thread of replica.board.threads.values())
    for (const floor of thread.floors) floor.text += `（第${++number}条）`
}

/** Grown, edited, new and deleted threads between the two halves of a run. */
function moveOn(
  replica: Replica,
  seed: number,
): { deleted: { key: string; text: string }[]; edited: string[] } {
  const { board } = replica
  const random = randomFrom(seed)
  const at = Date.now() - 5_000
  const usual = [...board.threads.values()].filter(
    ({ closed, deleted, loginOnly, sticky, movedStub }) =>
      !closed && !deleted && !loginOnly && !sticky && !movedStub,
  )
  const grown = usual.filter((_, i) => i % 4 === 0)
  for (const [i, { tid }] of grown.entries())
    board.addReply(tid, { author: '路过的人', at: at + i, text: `我也看到了，现场还有人。（补${tid}）` })
  const edited = grown.filter((_, i) => i % 3 === 0)
  for (const { tid, floors } of edited)
    board.edit(tid, 1, `${floors[0]?.text}\n更新：化工厂那边氨气泄漏，请有关部门查处。`, at)
  for (let i = 0; i < 12; i++)
    board.addThread({
      fid: random.pick(board.fids).fid,
      title: `武进湖塘化工厂半夜异味 ${i}`,
      text: `湖塘化工厂又有刺鼻异味，恳请应急管理局查处。（新${replica.source.id}${i}）`,
      author: '湖塘居民',
      at: at + 1_000 + i,
    })
  const gone = usual.filter((_, i) => i % 4 === 1).slice(0, 3)
  for (const { tid } of gone) board.delete(tid)
  return {
    deleted: gone.map(({ tid, floors }) => ({ key: String(tid), text: floors[0]?.text ?? '' })),
    edited: edited.map(({ tid }) => String(tid)),
  }
}

/** Boards whose last round still found something to open, and watched threads that are due. */
async function unquiet(db: Db, since: number, sources: readonly SourceConfig[]): Promise<number> {
  const quiet = await db
    .selectFrom('board_plan')
    .select('key')
    .where('whole_at', '>', since)
    .where('failures', '=', 0)
    .where(eb => eb.or([eb('found_at', 'is', null), eb('found_at', '<', eb.ref('whole_at'))]))
    .execute()
  const due = await db.selectFrom('thread').select('key').where('revisit_at', '<=', Date.now()).execute()
  return sources.flatMap(({ boards }) => boards).length - quiet.length + due.length
}

/** Until a round of every board found nothing more to read and nothing waits. */
async function settle(installation: Installation, sources: readonly SourceConfig[]): Promise<void> {
  const child = installation.start()
  const startedAt = Date.now()
  const database = await installation.open()
  try {
    for (;;) {
      const unread = await unquiet(database.db, startedAt, sources)
      const { posts, outbox } = await waiting(database.db)
      if (unread === 0 && posts === 0 && outbox === 0) return
      if (Date.now() - startedAt > 240_000) throw new Error(`${installation.userAgent} does not come to rest`)
      await wait(100)
    }
  } finally {
    await database.close()
    await installation.stop(child)
  }
}

/** `kill -9` after a random number of requests, or of milliseconds where no request comes. */
async function killOnce(
  installation: Installation,
  replicas: readonly Replica[],
  random: ReturnType<typeof randomFrom>,
): Promise<void> {
  const asked = () =>
    replicas.reduce(
      (sum, { requests }) =>
        sum + requests.filter(({ userAgent }) => userAgent === installation.userAgent).length,
      0,
    )
  const goal = asked() + random.below(40)
  const child = installation.start()
  const until = Date.now() + 3_000
  while (asked() < goal && Date.now() < until) await wait(5)
  // Some right away, some far into the analysis of what was read.
  await wait(random.below(4) === 0 ? random.below(700) : random.below(60))
  await installation.stop(child, 'SIGKILL')
}

/**
 * The same two boards read by two installations, one left alone, one killed `kills` times at random moments of reading
 * and analysing; half-way the boards move on. Both run on until nothing more is to be read.
 */
export async function killRun(options: { kills: number; seed: number; threads: number }): Promise<KillRun> {
  const { kills, seed, threads } = options
  const replicas = await Promise.all(
    (['utf-8', 'gbk'] as const).map((charset, i) =>
      startReplica({ charset, now: Date.now, seed: seed + i, threads }),
    ),
  )
  for (const replica of replicas) makeUnique(replica)
  const sources = replicas.map(({ source }) => ({ ...source, visitSeconds: 1 }))
  const [calm, hit] = [install('undisturbed', sources), install('killed', sources)]
  const random = randomFrom(seed)
  const halves = [Math.ceil(kills * 0.6), kills - Math.ceil(kills * 0.6)]
  try {
    const disturb = async (times: number) => {
      for (let i = 0; i < times; i++) await killOnce(hit, replicas, random)
      await settle(hit, sources)
    }
    await Promise.all([settle(calm, sources), disturb(halves[0] as number)])
    const moved = replicas.map((replica, i) => moveOn(replica, seed + i))
    for (const installation of [calm, hit])
      for (const [i, { deleted }] of moved.entries())
        await watch(installation, replicas[i]?.source.id, deleted)
    await Promise.all([settle(calm, sources), disturb(halves[1] as number)])
    return {
      undisturbed: await stateOf(calm),
      killed: await stateOf(hit),
      truth: replicas.flatMap(replica => replica.truth()),
      deleted: moved.flatMap(({ deleted }) => deleted),
      edited: moved.flatMap(({ edited }) => edited),
      nonPosts: replicas.flatMap(replica => replica.nonPosts),
      kills,
    }
  } finally {
    calm.remove()
    hit.remove()
    await Promise.all(replicas.map(replica => replica.close()))
  }
}

async function watch(
  installation: Installation,
  sourceId: string | undefined,
  threads: readonly { key: string }[],
): Promise<void> {
  const { db, close } = await installation.open()
  await db.transaction().execute(async trx => {
    for (const { key } of threads) await watchThread(trx, sourceId ?? '', key, Date.now())
  })
  await close()
}
