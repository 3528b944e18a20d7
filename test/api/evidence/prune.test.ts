import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAudit } from '../../../api/audit.ts'
import { addMissedPage, missedPages } from '../../../api/evidence/missed-pages.ts'
import { prepareUnread } from '../../../api/evidence/pages.ts'
import { pruneMissedPages } from '../../../api/evidence/prune.ts'
import { addEvidence, verifyBlobs } from '../../../api/evidence/store.ts'
import { seedSources } from '../../../api/sources/store.ts'
import type { SourceConfig } from '../../../crawlers/site.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'

const DAY_MS = 86_400_000
const source: SourceConfig = {
  ...{ id: 'luntan', name: '论坛', engine: 'discuz', url: 'https://bbs.example.cn/', boards: [] },
  ...{ delaySeconds: 10, dailyCeiling: 9, basis: 'x', owner: '办公室', retentionDays: 30 },
}

describe.each(['sqlite', 'postgres'] as const)('pages of which nothing was read, on %s', kind => {
  let own: TestContext
  beforeAll(async () => {
    const open = () => freshDatabase(kind)
    own = await testContext(undefined, { people: false, ...(kind === 'postgres' && { open }) })
    await own.context.db.transaction().execute(trx => seedSources(trx, [source], own.clock.now))
  })
  afterAll(() => own.close())

  /** Comes in so many days before now. */
  async function miss(days: number, text: string, url = 'https://bbs.example.cn/thread-1-1-1.html') {
    const { context, clock } = own
    const receivedAt = new Date(clock.now - days * DAY_MS).toISOString()
    const page = { url, status: 200, headers: {}, body: Buffer.from(text), receivedAt }
    const kept = await prepareUnread(context.blobs, page)
    await context.db.transaction().execute(trx => addMissedPage(trx, source.id, kept, '1'))
    return kept
  }
  const blobsRoot = () => join(own.context.config.dataDir, 'blobs')
  const files = () =>
    readdirSync(blobsRoot(), { recursive: true, withFileTypes: true }).filter(each => each.isFile())
  /** As if all files had been written some time ago. */
  const age = () => {
    for (const { parentPath, name } of files()) utimesSync(join(parentPath, name), 1, 1)
  }
  const held = async () => (await missedPages(own.context.db, source.id)).map(({ page }) => page)

  it('go with their files, but for those that a post or another page rests on; it is written down', async () => {
    const { context } = own
    const old = await miss(40, '旧页')
    const shared = await miss(40, '两处都有', 'https://bbs.example.cn/a')
    const again = await miss(2, '两处都有', 'https://bbs.example.cn/b')
    const proof = await miss(40, '证据')
    await context.db
      .transaction()
      .execute(trx => addEvidence(trx, { kind: 'page', sha256: proof.page.sha256, postId: 1, at: 1 }))
    age()
    expect(await pruneMissedPages(context)).toBe(3)
    expect(await held()).toEqual([again.page.sha256])
    const has = (sha256: string) => context.blobs.has(sha256)
    expect(
      await Promise.all([old.page, old.headers, shared.headers].map(({ sha256 }) => has(sha256))),
    ).toEqual([...[false, false, false]])
    expect(
      await Promise.all([again.page, again.headers, proof.page].map(({ sha256 }) => has(sha256))),
    ).toEqual([...[true, true, true]])
    expect(await verifyBlobs(context.db, context.blobs)).toEqual({ files: files().length, problems: [] })
    const acts = await readAudit(context.db, 'source', source.id)
    expect(acts.map(({ action, detail }) => [action, detail])).toEqual([['prune', { pages: 3 }]])
    expect(await pruneMissedPages(context), 'nothing twice').toBe(0)
  })

  it('a file that was put again meanwhile stays: its row is on the way', async () => {
    const { context } = own
    const gone = await miss(40, '又来一次')
    age()
    const put = await context.blobs.put(Buffer.from('又来一次'))
    expect(put).toBe(gone.page.sha256)
    await pruneMissedPages(context)
    expect([await context.blobs.has(put), await context.blobs.has(gone.headers.sha256)]).toEqual([
      true,
      false,
    ])
    await miss(0, '又来一次')
    expect((await verifyBlobs(context.db, context.blobs)).problems).toEqual([])
  })
})
