import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDueCrawls } from '../../api/crawl-job.ts'
import { replay } from '../../api/replay.ts'
import { editSource, seedSources, sourceById } from '../../api/sources/store.ts'
import type { SourceConfig } from '../../crawlers/site.ts'
import { type Replica, startReplica } from '../replica/index.ts'
import { type TestContext, testContext } from './context.ts'

const MINUTE = 60_000

let test: TestContext
let replica: Replica
let right: SourceConfig
beforeAll(async () => {
  test = await testContext(Date.now())
  replica = await startReplica({ charset: 'gbk', now: () => test.clock.now, seed: 31, threads: 30 })
  right = replica.source
  // A reader that takes the date line for the text, finds no author, and overlooks every second floor.
  const selectors = {
    body: 'em[id^="authorposton"]',
    author: '.nobody',
    posts: '#postlist > div[id^="post_"]:nth-of-type(odd)',
  }
  await test.context.db
    .transaction()
    .execute(trx => seedSources(trx, [{ ...right, selectors }], test.clock.now))
  await runDueCrawls(test.context)
})
afterAll(async () => {
  await replica.close()
  await test.close()
})

const posts = () =>
  test.context.db
    .selectFrom('post')
    .select(['key', 'text', 'author_name', 'revision', 'state'])
    .orderBy('key')
    .execute()

async function run() {
  const [output, errors] = [new PassThrough(), new PassThrough()]
  const [lines, said] = [text(output), text(errors)]
  const code = await replay(test.context, right.id, output, errors)
  output.end()
  errors.end()
  const differences = (await lines)
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as { what: string; key: string })
  return { code, differences, said: await said }
}

describe('replay after a reader was mended', () => {
  it('corrects texts in place, adds what was overlooked, reports each difference, and fetches nothing', async () => {
    const before = await posts()
    const wrong = before.filter(({ text: said }) => /^发表于/.test(said))
    expect(wrong.length).toBeGreaterThan(10)
    const { config, version } = (await sourceById(test.context.db, right.id)) ?? { config: right, version: 1 }
    const { selectors: _, ...mended } = config
    await test.context.db
      .transaction()
      .execute(trx =>
        editSource(trx, mended, version, { personId: null, why: '读取规则修好', at: test.clock.now }),
      )
    const asked = replica.requests.length
    test.clock.now += 10 * MINUTE
    const { code, differences, said } = await run()
    expect([code, said.includes('读不了 0 页')]).toEqual([0, true])
    expect(replica.requests.length).toBe(asked)
    const after = await posts()
    expect(after.length).toBe(new Set(after.map(({ key }) => key)).size)
    expect(after.length - before.length).toBe(differences.filter(({ what }) => what === 'added').length)
    expect(after.length).toBeGreaterThan(before.length)
    const held = new Map(after.map(post => [post.key, post]))
    // Only pages that were kept can be read again: threads of one page here, and first pages of the others.
    for (const { key, text: wanted, author } of replica.truth().filter(({ state }) => state === 'visible')) {
      const post = held.get(key)
      if (!post) continue
      expect([post.text, post.author_name, post.revision], key).toEqual([wanted, author.name, 1])
    }
    expect(differences.filter(({ what }) => what === 'text').length).toBeGreaterThan(10)
  })

  it('run again it finds no difference', async () => {
    const before = await posts()
    const { code, differences } = await run()
    expect([code, differences]).toEqual([0, []])
    expect(await posts()).toEqual(before)
  })
})

describe('pages of which the reader made nothing', () => {
  it('are kept once, and a mended reader finds their posts, further pages are asked for', async () => {
    const own = await testContext(Date.now())
    const site = await startReplica({ charset: 'gbk', now: () => own.clock.now, seed: 32, threads: 12 })
    const long = [...site.board.threads.values()].find(({ deleted, loginOnly }) => !deleted && !loginOnly)
    for (let i = 0; i < 15; i++)
      site.board.addReply(long?.tid ?? 0, { author: '甲', at: own.clock.now - 60_000, text: `第 ${i} 句` })
    const { db } = own.context
    const edit = async (config: SourceConfig) => {
      const version = (await sourceById(db, config.id))?.version ?? 0
      const by = { personId: null, why: '读取规则', at: own.clock.now }
      await db.transaction().execute(trx => editSource(trx, config, version, by))
    }
    const kept = () => db.selectFrom('missed_page').select(['url', 'thread_key']).execute()
    const held = () => db.selectFrom('post').select(['key', 'text']).execute()
    try {
      const blind = { ...site.source, selectors: { posts: '#gibtesnicht' } }
      await db.transaction().execute(trx => seedSources(trx, [blind], own.clock.now))
      await runDueCrawls(own.context)
      const missed = await kept()
      const states = await held()
      expect([missed.length > 8, missed.every(({ thread_key }) => thread_key)]).toEqual([true, true])
      expect(states.every(({ text: said }) => said === '')).toBe(true)
      const run = async () => {
        const [output, errors] = [new PassThrough(), new PassThrough()]
        const [lines, said] = [text(output), text(errors)]
        const code = await replay(own.context, site.source.id, output, errors)
        output.end()
        errors.end()
        return { code, lines: (await lines).split('\n').filter(Boolean).length, said: await said }
      }
      // The reader is still the old one: nothing is lost.
      expect(await run()).toMatchObject({ code: 0, lines: 0 })
      expect((await kept()).length).toBe(missed.length)
      await edit(site.source)
      const asked = site.requests.length
      const { lines, said } = await run()
      const read = await held()
      expect(said).toContain(`当时没读出的 ${missed.length} 页，仍读不出 0 页`)
      expect([read.length - states.length, site.requests.length]).toEqual([lines, asked])
      expect(await kept()).toEqual([])
      expect(read.length).toBeGreaterThan(missed.length)
      // What it read stands as evidence, and read again it is the same.
      expect(await run()).toMatchObject({ code: 0, lines: 0 })
      own.clock.now += MINUTE
      await runDueCrawls(own.context)
      const whole = new Set((await held()).map(({ key }) => key))
      const ofLong = site
        .truth()
        .filter(({ key, state }) => state === 'visible' && key.startsWith(`${long?.tid}`))
      expect(ofLong.filter(({ key }) => !whole.has(key))).toEqual([])
      expect(ofLong.length).toBeGreaterThan(10)
    } finally {
      await site.close()
      await own.close()
    }
  })
})
