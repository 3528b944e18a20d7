import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAudit } from '../../../api/audit.ts'
import { verifyBlobs, verifyManifests } from '../../../api/evidence/store.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { verifySlips } from '../../../api/slips/verify.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast } from './cast.ts'
import { at, INITIAL, OPINION, REPLY, Road } from './road.ts'

describe.each(['sqlite', 'postgres'] as const)('a changed byte on %s', kind => {
  let test: TestContext
  let road: Road
  let general: SlipDetail
  beforeAll(async () => {
    test = await testContext(at('2019-05-06T09:00:00'), { open: () => freshDatabase(kind) })
    await addCast(test.context, '2019-05-06')
    road = await Road.open(test)
    general = await answered()
    await reported()
  }, 240_000)
  afterAll(() => test.close())

  async function judged(level: string): Promise<SlipDetail> {
    const slip = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
    const sent = await road.go('ownduty', slip, 'submit')
    const order = level === 'major' ? { dueAt: at('2019-05-07T18:00:00') } : {}
    return road.go('officechief', sent, 'judge', { level, ground: '需核实', leadUnitId: 2, ...order })
  }
  /** Initial response, extension, reply, tracking, result. */
  async function answered(): Promise<SlipDetail> {
    let slip = await road.approved(await judged('general'), 'leadstaff', 'incharge', INITIAL)
    slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip))
    slip = await road.go('leadstaff', slip, 'requestExtension', { untilDay: '2019-05-10', reason: '待检测' })
    slip = await road.go('netleader', slip, 'instruct', { body: '请抓紧核查' })
    slip = await road.approved(slip, 'leadstaff', 'incharge', REPLY)
    slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip))
    slip = await road.go('leadstaff', slip, 'addTracking', { claims: '无', judgement: '平稳' })
    return road.go('leadstaff', slip, 'finish', { result: '已整改' })
  }
  async function reported(): Promise<void> {
    const slip = await road.approved(await judged('major'), 'officer', 'bureauchief', OPINION)
    const body = { receiver: 'province', way: '公文系统', handler: '徐静', sentAt: test.clock.now }
    await road.go('officer', slip, 'recordReport', body)
  }
  async function problems(): Promise<string[]> {
    const { db, blobs } = test.context
    return [
      ...(await verifyAudit(db)).problems,
      ...(await verifyManifests(db)).problems,
      ...(await verifyBlobs(db, blobs)).problems,
      ...(await verifySlips(db)).problems,
    ]
  }
  /** One byte of one field of the newest such row; the row is put right again. */
  async function changed(table: string, column: string, where = 'true'): Promise<string[]> {
    const { db } = test.context
    const field = sql.ref(column)
    const found = await sql<{
      id: number
      value: unknown
    }>`select id, ${field} as value from ${sql.table(table)}
      where ${sql.raw(where)} order by id desc limit 1`.execute(db)
    const { id, value } = found.rows[0] as { id: number; value: unknown }
    const other = typeof value === 'number' ? value + 1 : `${String(value ?? '').slice(0, -1)}X`
    const set = (to: unknown) =>
      sql`update ${sql.table(table)} set ${field} = ${to} where id = ${id}`.execute(db)
    try {
      await set(other)
      return await problems()
    } finally {
      await set(value)
    }
  }

  it('nothing is found where nothing was changed', async () => {
    expect(await problems()).toEqual([])
  })

  it.each(['case_id', 'at', 'actor_id', 'action', 'detail', 'prev_hash', 'hash'])(
    'in %s of an audit entry is found and named',
    async column => {
      const found = await changed('audit_entry', column, `case_kind = 'slip' and case_id = '${general.id}'`)
      expect(found.length, column).toBeGreaterThan(0)
      expect(found.join('\n')).toMatch(/slip \w+ 第\d+条|处理单/)
    },
  )

  it.each([
    ['slip_text', 'body', '稿的内容'],
    ['slip_text', 'mode', '稿的内容'],
    ['slip_text', 'hash', '稿的内容'],
    ['slip_text', 'opinion', '「opinion」'],
    ['slip_reply', 'text', '回复'],
    ['slip_reply', 'url', '「url」'],
    ['slip_reply', 'mode', '「mode」'],
    ['slip_report', 'handler', '「handler」'],
    ['slip_report', 'sent_at', '「sentAt」'],
    ['slip_tracking', 'judgement', '「judgement」'],
    ['slip_extension', 'until_day', '「untilDay」'],
    ['slip_note', 'body', '「body」'],
    ['slip', 'ground', '「ground」'],
    ['slip', 'level', '「level」'],
    ['slip', 'result', '「result」'],
  ])('in %s.%s is found and named', async (table, column, words) => {
    const where = column === 'result' ? 'result is not null' : 'true'
    const found = await changed(table, column, where)
    expect(found.join('\n')).toContain(words)
    expect(found[0]).toMatch(/^处理单 YQ〔2019〕00\d号：/)
  })

  it('in a kept file, or in the row that names it, is found and named', async () => {
    const { db, blobs, config } = test.context
    const { sha256 } = await db.selectFrom('blob').select('sha256').executeTakeFirstOrThrow()
    const bytes = Buffer.from(await blobs.get(sha256))
    const file = join(config.dataDir, 'blobs', sha256.slice(0, 2), sha256.slice(2))
    const flipped = Buffer.from(bytes)
    flipped[0] = (flipped[0] as number) ^ 1
    writeFileSync(file, flipped)
    expect(await problems()).toEqual([`证据文件 ${sha256} 被改动。`])
    writeFileSync(file, bytes)
    expect((await changed('evidence', 'captured_at', 'slip_id is not null')).join('\n')).toContain('证据清单')
    expect(await problems()).toEqual([])
  })
})
