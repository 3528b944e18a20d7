import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAudit } from '../../../api/audit.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast, type UNITS } from './cast.ts'
import { at, NONE, OPINION, REPLY, Road } from './road.ts'

let test: TestContext
let road: Road
let units: Map<keyof typeof UNITS, number>

const TRACK = { views: 300, replies: 5, claims: '', judgement: '平稳' }
const RESULT = { result: '企业已停产整改，复测达标。' }

async function judged(time: string, level: string, create: object = {}): Promise<SlipDetail> {
  test.clock.now = at(time)
  const postIds = 'manual' in create ? [] : [await road.flaggedPost()]
  const slip = await road.create('ownduty', { postIds, topic: '安全生产', ...create })
  const sent = await road.go('ownduty', slip, 'submit')
  return road.go('officechief', sent, 'judge', {
    level,
    ground: '需核实',
    leadUnitId: units.get('lead'),
    ...(level === 'major' && { dueAt: test.clock.now + 12 * 3_600_000 }),
  })
}

async function finished(time: string, create: object = {}): Promise<SlipDetail> {
  let slip = await road.approved(await judged(time, 'general', create), 'leadstaff', 'incharge', REPLY)
  slip = await road.go('leadstaff', slip, 'recordReply', road.reply(slip))
  slip = await road.go('leadstaff', slip, 'addTracking', TRACK)
  return road.go('leadstaff', slip, 'finish', RESULT)
}

describe.each(['sqlite', 'postgres'] as const)('on %s', kind => {
  beforeAll(async () => {
    test = await testContext(at('2019-05-06T09:00:00'), { open: () => freshDatabase(kind) })
    units = (await addCast(test.context, '2019-05-06')).units
    road = await Road.open(test)
  })
  afterAll(() => test.close())

  describe('S-34 存档', () => {
    it('finished Mon 05-13, handed over 05-14, archived under its number; read-only from then on', async () => {
      let slip = await finished('2019-05-13T10:00:00')
      expect(slip.finishedAt).toBe(at('2019-05-13T10:00:00'))
      test.clock.now = at('2019-05-14T09:00:00')
      expect((await road.refused('officer', slip, 'handOver')).code).toBe('slip.forbidden')
      slip = await road.go('leadstaff', slip, 'handOver')
      expect((await road.refused('leadhead', slip, 'archive')).code).toBe('slip.forbidden')
      slip = await road.go('officer', slip, 'archive')
      expect([slip.archiveNumber, slip.archivedAt, slip.allowed]).toEqual([
        'YQ2019-001',
        at('2019-05-14T09:00:00'),
        [],
      ])
      expect((await road.refused('officechief', slip, 'void', { reason: '误存' })).code).toBe('slip.state')
    })

    it('finished Mon 05-13, not handed over within 2 working days: a warning from Thu 05-16', async () => {
      const slip = await finished('2019-05-13T10:00:00')
      const words = '办结后超过 2 个工作日还没有移交'
      for (const [time, expected] of [
        ['2019-05-15T23:59:00', false],
        ['2019-05-16T00:00:00', true],
      ] as const) {
        test.clock.now = at(time)
        expect((await road.read('officer', slip.id)).warnings.includes(words)).toBe(expected)
      }
    })

    it('incomplete papers go back to the unit, which completes them', async () => {
      let slip = await road.go('leadstaff', await finished('2019-05-14T10:00:00'), 'handOver')
      slip = await road.go('officer', slip, 'sendBack', { reason: '请补截图' })
      expect(slip.status).toBe('finished')
      slip = await road.go('leadstaff', slip, 'addEvidence', {
        entryId: slip.entries[0]?.id,
        uploads: [road.picture],
      })
      slip = await road.go('leadstaff', slip, 'addTracking', TRACK)
      slip = await road.go('officer', await road.go('leadstaff', slip, 'handOver'), 'archive')
      expect(slip.archiveNumber).toBe('YQ2019-002')
    })

    it('numbers go on past 999 and start anew with the year', async () => {
      await test.context.db
        .updateTable('number_series')
        .set({ last: 999 })
        .where('series', 'in', ['archive-2019', 'slip-2019'])
        .execute()
      let slip = await road.go('leadstaff', await finished('2019-05-15T10:00:00'), 'handOver')
      slip = await road.go('officer', slip, 'archive')
      expect([slip.number, slip.archiveNumber]).toEqual(['YQ〔2019〕1000号', 'YQ2019-1000'])
      const next = await judged('2020-01-02T10:00:00', 'general')
      expect(next.number).toBe('YQ〔2020〕001号')
    })
  })

  describe('S-35 the archive copy is complete', () => {
    async function majorFiling(receipts: Record<string, string>): Promise<SlipDetail> {
      let slip = await road.approved(
        await judged('2019-05-20T09:00:00', 'major'),
        'officer',
        'bureauchief',
        OPINION,
      )
      for (const receiver of ['province', 'propaganda'])
        slip = await road.go('officer', slip, 'recordReport', {
          receiver,
          sentAt: test.clock.now,
          way: '传真',
          handler: '徐静',
          receipt: receipts[receiver] ?? '',
        })
      slip = await road.approved(slip, 'officer', 'bureauchief', REPLY)
      slip = await road.go('officer', slip, 'recordReply', road.reply(slip))
      slip = await road.go('leadstaff', slip, 'finish', { ...RESULT, reason: '无人跟帖' })
      return road.go('leadstaff', slip, 'handOver')
    }

    it('重大 without the receipt of 市委宣传部 is refused until it is there', async () => {
      const slip = await majorFiling({ province: '省厅值班室已收' })
      expect(slip.missing).toEqual(['市委宣传部回执'])
      const answer = await road.refused('officer', slip, 'archive')
      expect([answer.details.rule === 'S-35', answer.details.missing]).toEqual([true, ['市委宣传部回执']])
      const propaganda = slip.reports.find(({ receiver }) => receiver === 'propaganda')
      const receipt = { reportId: propaganda?.id, receipt: '回执〔2019〕5号', uploads: [road.picture] }
      expect((await road.refused('officer', slip, 'recordReceipt', { ...receipt, receipt: ' ' })).code).toBe(
        'request.invalid',
      )
      const received = await road.go('officer', slip, 'recordReceipt', receipt)
      expect((await road.go('officer', received, 'archive')).status).toBe('archived')
    })

    it('a page that staff found needs a picture of it; 群众反映 without a page needs none', async () => {
      const manual = (more: object) => ({
        manual: [
          {
            platform: '微博',
            title: '加油站旁烧纸',
            text: '加油站旁边有人烧纸，很危险',
            publishedAt: null,
            publishedPrecision: null,
            uploads: [],
            ...more,
          },
        ],
      })
      const seen = await finished('2019-05-21T09:00:00', {
        foundHow: 'browse',
        ...manual({ url: 'https://weibo.com/2/abc' }),
      })
      expect(seen.missing).toEqual(['原帖截图'])
      const called = await finished('2019-05-21T10:00:00', {
        foundHow: 'public',
        ...manual({ noUrlReason: '市民来电反映' }),
      })
      expect(called.missing).toEqual([])
      const ordered = await road.create('officer', {
        foundHow: 'superior',
        unitId: units.get('own'),
        ...manual({ noUrlReason: '省厅交办单' }),
      })
      expect([ordered.foundHow, ordered.unit.id]).toEqual(['superior', units.get('own')])
      const bare = await test.as('ownduty')(
        'POST',
        '/api/slips',
        { postIds: [], foundHow: 'public', ...manual({}) },
        { 'idempotency-key': 'no-address-no-reason' },
      )
      expect([bare.statusCode, bare.json().message]).toEqual([400, '没有网址的请写明原因（如截图、来电）。'])
    })
  })

  describe('S-36 no further reply', () => {
    it('post removed 05-07 before the reply: 办公室 marks 原帖已删, result typed, archived', async () => {
      const text = { ...NONE, body: '原帖已于5月7日删除，建议不再回复。' }
      let slip = await road.approved(
        await judged('2019-05-06T10:00:00', 'general'),
        'leadstaff',
        'incharge',
        text,
      )
      test.clock.now = at('2019-05-07T10:00:00')
      const none = { entryId: slip.entries[0]?.id, noReplyReason: 'gone', reason: '原帖已删' }
      expect(
        (await road.refused('officer', slip, 'recordNoReply', { ...none, reason: '' })).details.rule,
      ).toContain('S-36')
      slip = await road.go('officer', slip, 'recordNoReply', none)
      expect((await road.refused('officer', slip, 'recordNoReply', none)).code).toBe('slip.state')
      slip = await road.go('officer', slip, 'setResult', RESULT)
      slip = await road.go('leadstaff', slip, 'finish', { reason: '原帖已删，无可跟踪' })
      slip = await road.go('officer', await road.go('leadstaff', slip, 'handOver'), 'archive')
      expect([slip.status, slip.clocks[0]?.onTime]).toEqual(['archived', true])
    })

    it('nothing is deleted: 作废 by 办公室 with a reason, its content and chain stay', async () => {
      const slip = await judged('2019-05-22T10:00:00', 'general')
      expect((await road.refused('ownduty', slip, 'void', { reason: '重复' })).code).toBe('slip.state')
      expect((await road.refused('leadhead', slip, 'void', { reason: '重复' })).code).toBe('slip.forbidden')
      expect((await road.refused('officer', slip, 'void', { reason: ' ' })).details.rule).toContain('S-36')
      const gone = await road.go('officer', slip, 'void', { reason: '与 YQ〔2019〕001号 重复' })
      expect([gone.status, gone.voidReason, gone.entries.length, gone.allowed]).toEqual([
        'void',
        '与 YQ〔2019〕001号 重复',
        1,
        [],
      ])
      expect(gone.history.map(({ action }) => action)).toEqual(['create', 'submit', 'judge', 'void'])
      const answer = await test.as('officer')('DELETE' as 'POST', `/api/slips/${slip.id}`)
      expect(answer.statusCode).toBe(404)
      expect((await verifyAudit(test.context.db)).problems).toEqual([])
    })
  })
})
