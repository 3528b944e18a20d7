import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCommand } from './command.ts'
import { freshDatabase } from './databases.ts'
import { addDemoPeople, type DemoPerson } from './replica/demo-people.ts'
import { startElasticsearch } from './services/elasticsearch.ts'
import { freePort } from './services/port.ts'
import { startRedis } from './services/redis.ts'
import type { Server } from './services/server.ts'

interface Node {
  url: string
  get<T>(path: string): Promise<{ status: number; body: T }>
  enter(text: string): Promise<number>
}

const folder = mkdtempSync(join(tmpdir(), 'yuqing-cluster-'))
const running: ChildProcess[] = []
let redis: Server
let elasticsearch: Server
let nodes: Node[]

async function until(what: string, fits: () => Promise<boolean>, ms = 120_000): Promise<void> {
  const end = Date.now() + ms
  while (!(await fits())) {
    if (Date.now() > end) throw new Error(`did not come to pass: ${what}`)
    await wait(200)
  }
}

/** An API process, with `person` signed in at it. */
async function openNode(env: Record<string, string>, person: () => Promise<DemoPerson>): Promise<Node> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  running.push(startCommand(['api'], { ...env, PORT: String(port) }))
  await until('the API answers', async () => (await fetch(`${url}/healthz`).catch(() => null))?.ok ?? false)
  const { login, password } = await person()
  const headers: Record<string, string> = { 'content-type': 'application/json', origin: url }
  const body = JSON.stringify({ login, password })
  const signedIn = await fetch(`${url}/api/session`, { method: 'POST', headers, body })
  headers.cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  return {
    url,
    async get<T>(path: string) {
      const answer = await fetch(`${url}${path}`, { headers })
      return { status: answer.status, body: (await answer.json()) as T }
    },
    async enter(text) {
      const answer = await fetch(`${url}/api/intake/posts`, {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': crypto.randomUUID() },
        body: JSON.stringify({ source: '来电', text }),
      })
      expect(answer.status).toBe(200)
      return ((await answer.json()) as { id: number }).id
    },
  }
}

describe('two APIs and two workers on PostgreSQL, Redis and Elasticsearch', () => {
  beforeAll(async () => {
    const database = await freshDatabase('postgres', { migrated: false })
    ;[redis, elasticsearch] = await Promise.all([startRedis(), startElasticsearch()])
    // Nothing of the world outside is read here.
    cpSync(resolve(import.meta.dirname, '../config'), join(folder, 'config'), { recursive: true })
    writeFileSync(join(folder, 'config', 'sources.yaml'), 'sources: []\n')
    const env = {
      DATA_DIR: join(folder, 'data'),
      CONFIG_DIR: join(folder, 'config'),
      DATABASE_URL: database.address,
      REDIS_URL: redis.url,
      ELASTICSEARCH_URL: elasticsearch.url,
      LOG_LEVEL: 'silent',
    }
    let people: Promise<DemoPerson[]> | undefined
    const duty = async () => {
      const at = Date.now()
      people ??= database.db
        .transaction()
        .execute(trx => addDemoPeople(trx, [], new Date(at).toISOString().slice(0, 10), at))
      return (await people).find(({ roles }) => roles.includes('duty')) as DemoPerson
    }
    nodes = [await openNode(env, duty), await openNode(env, duty)]
    running.push(startCommand(['worker'], env), startCommand(['worker'], env))
    await database.close()
  })
  afterAll(async () => {
    await Promise.all(
      running.map(async child => {
        const ended = once(child, 'exit')
        child.kill('SIGTERM')
        await ended
      }),
    )
    await Promise.all([redis.stop(), elasticsearch.stop()])
    rmSync(folder, { recursive: true, force: true })
  })

  const flagged = async (node: Node, id: number) =>
    (await node.get<{ items: { id: number }[] }>('/api/triage?limit=500')).body.items.some(
      item => item.id === id,
    )
  const found = async (node: Node, text: string) =>
    (
      await node.get<{ items: { id: number }[]; total: number }>(
        `/api/posts?text=${encodeURIComponent(text)}`,
      )
    ).body
  const [one, two] = [() => nodes[0] as Node, () => nodes[1] as Node]

  it('what is entered at one is flagged and found at the other, once', async () => {
    const id = await one().enter('遥观镇一家化工厂夜里冒黄烟，闻着头晕，没有人管。')
    await until('flagged', () => flagged(two(), id))
    await until('found', async () => (await found(two(), '冒黄烟')).total === 1)
    expect((await found(one(), '冒黄烟')).items.map(item => item.id)).toEqual([id])
  })

  it('Redis away: posts are taken in and flagged all the same, on the rhythm of the jobs', async () => {
    await redis.kill()
    const id = await two().enter('横林镇地板厂车间着火了，里面还有两个工人没出来。')
    await until('flagged', () => flagged(one(), id))
    await redis.start()
    const later = await one().enter('新北区一家仓库堆了几百个煤气瓶，旁边就是幼儿园。')
    await until('flagged', () => flagged(two(), later))
  })

  it('Elasticsearch away: flagged all the same, search says so; when it is back nothing is missing', async () => {
    await elasticsearch.kill()
    const id = await one().enter('武进区一处工地塔吊倒了，砸到旁边的板房。')
    await until('flagged', () => flagged(two(), id))
    const away = await two().get<{ code: string; message: string }>('/api/posts?text=塔吊')
    expect([away.status, away.body.code]).toEqual([503, 'search.away'])
    expect(away.body.message).toContain('稍后再试')
    await elasticsearch.start()
    await until('found', async () => (await found(two(), '塔吊倒了')).total === 1)
    expect((await found(two(), '冒黄烟')).total).toBe(1)
  })

  it('an index that was lost is filled again by itself', async () => {
    const names = Object.keys((await (await fetch(`${elasticsearch.url}/_alias`)).json()) as object)
    for (const name of names.filter(each => each.startsWith('yuqing')))
      await fetch(`${elasticsearch.url}/${name}`, { method: 'DELETE' })
    await until('found', async () => (await found(one(), '塔吊倒了')).total === 1)
    expect((await found(one(), '')).total).toBe(4)
  })
})
