import PizZip from 'pizzip'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast, type UNITS } from '../slips/cast.ts'
import { at, OPINION, Road } from '../slips/road.ts'

let test: TestContext
let road: Road
let units: Map<keyof typeof UNITS, number>
beforeAll(async () => {
  test = await testContext(at('2019-05-20T10:00:00'))
  units = (await addCast(test.context, '2019-05-20')).units
  road = await Road.open(test)
})
afterAll(() => test.close())

const paragraphsOf = (docx: Buffer): string[] =>
  (new PizZip(docx).file('word/document.xml')?.asText() ?? '').split('</w:p>').slice(0, -1)

/** The words of each paragraph of a Word file. */
const linesOf = (docx: Buffer): string[] =>
  paragraphsOf(docx)
    .map(part => part.replace(/<[^>]+>/g, ''))
    .filter(Boolean)

async function judged(level: string): Promise<SlipDetail> {
  const slip = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
  const sent = await road.go('ownduty', slip, 'submit')
  return road.go('officechief', sent, 'judge', {
    level,
    ground: '有人员中毒',
    leadUnitId: units.get('lead'),
    ...(level === 'major' && { dueAt: at('2019-05-20T18:00:00'), order: '两小时内报省厅' }),
  })
}
const paper = async (slip: SlipDetail, query: string, login = 'officer') =>
  test.as(login)('GET', `/api/slips/${slip.id}/upward.docx${query}`)

describe('上报材料 (S-22)', () => {
  it('each superior gets his own paper: first, follow-up, final; the package lists what was sent and its receipts', async () => {
    let slip = await judged('major')
    test.clock.now = at('2019-05-20T11:00:00')
    slip = await road.approved(slip, 'officer', 'bureauchief', OPINION)
    const first = linesOf((await paper(slip, '?receiver=province&kind=first')).rawPayload)
    for (const words of [
      '重大网络舆情信息报告',
      '省应急管理厅：',
      '二、传播情况',
      '涉及 1 个平台 1 条帖子，媒体关注：无。',
      '研判：有人员中毒',
      OPINION.body,
      '以上意见经bureauChief于2019年5月20日 11时00分审核同意。',
      '常州市应急管理局',
    ])
      expect(first).toContain(words)
    // The date never stands alone on a last page: the end of the text goes with the signature.
    const paragraphs = paragraphsOf((await paper(slip, '?receiver=province&kind=first')).rawPayload)
    expect(paragraphs.slice(-3).map(part => part.includes('<w:keepNext/>'))).toEqual([true, true, false])
    expect(first.join('\n')).not.toContain('湖塘小马')
    expect(first.join('\n')).not.toContain('进展情况')

    const body = { way: '公文系统', handler: '徐静', sentAt: at('2019-05-20T11:00:00') }
    slip = await road.go('officer', slip, 'recordReport', { ...body, receiver: 'province' })
    slip = await road.go('officer', slip, 'recordReport', {
      ...body,
      receiver: 'propaganda',
      receipt: '已收到',
    })
    test.clock.now = at('2019-05-20T15:00:00')
    slip = await road.approved(slip, 'officer', 'bureauchief', {
      body: '您好，5月20日已停产，人员已送医，结果5月27日公布。',
    })
    slip = await road.go('officer', slip, 'recordReply', road.reply(slip))
    slip = await road.go('leadstaff', slip, 'addTracking', {
      views: 900,
      replies: 31,
      claims: '要求公布名单',
      judgement: '情绪平稳',
    })
    slip = await road.go('leadstaff', slip, 'setResult', { result: '企业停产整改，伤者出院' })
    const final = linesOf((await paper(slip, '?receiver=propaganda&kind=final')).rawPayload).join('\n')
    for (const words of [
      '市委宣传部：',
      '四、进展情况',
      '新的诉求：要求公布名单。情绪平稳',
      '已回复网民',
      '五、办理结果',
      '企业停产整改，伤者出院',
      '浏览 900 次，评论 31 条',
    ])
      expect(final).toContain(words)

    slip = await road.go('officer', slip, 'recordReport', {
      ...body,
      receiver: 'province',
      kind: 'final',
      sentAt: test.clock.now,
    })
    // The clock of the order has stopped; what it ordered stays on paper.
    expect(final).toContain('上级要求：两小时内报省厅（时限2019年5月20日 18时00分）')
    const whole = linesOf((await paper(slip, '', 'bureauchief')).rawPayload)
    expect(whole.filter(line => ['初报', '终报'].includes(line))).toEqual(['初报', '初报', '终报'])
    expect(whole.filter(line => ['已收到', '未收到'].includes(line))).toEqual(['未收到', '已收到', '未收到'])
    expect(whole.filter(line => line === '重大网络舆情信息报告')).toHaveLength(3)
  })

  it('is only for 重大, and for those who write and approve it', async () => {
    const general = await judged('general')
    expect((await paper(general, '')).json().message).toContain('只有重大')
    expect((await paper(general, '', 'leadstaff')).statusCode).toBe(403)
  })
})
