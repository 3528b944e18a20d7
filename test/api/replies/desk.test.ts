import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReplyTemplate } from '../../../api/replies/routes.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast } from '../slips/cast.ts'
import { at, REPLY, Road } from '../slips/road.ts'

const BLANK = '您好，我局【填：核查日期】到现场核查，隐患已整改，感谢您的监督。'

describe.each(['sqlite', 'postgres'] as const)('templates and blanks on %s', kind => {
  let test: TestContext
  let road: Road
  beforeAll(async () => {
    test = await testContext(at('2019-05-06T09:00:00'), { open: () => freshDatabase(kind) })
    await addCast(test.context, '2019-05-06')
    road = await Road.open(test)
  })
  afterAll(() => test.close())

  const templates = async (): Promise<ReplyTemplate[]> =>
    (await test.as('leadstaff')('GET', '/api/reply-templates')).json()
  async function judged(): Promise<SlipDetail> {
    const slip = await road.create('ownduty', { postIds: [await road.flaggedPost()] })
    const sent = await road.go('ownduty', slip, 'submit')
    return road.go('officer', sent, 'judge', { level: 'general', ground: '需核实', leadUnitId: 2 })
  }

  it('a draft with a blank may be kept, but goes to nobody until it is filled in', async () => {
    const saved = await road.go('leadstaff', await judged(), 'saveText', { ...REPLY, body: BLANK })
    const refused = await road.refused('leadstaff', saved, 'sendForReview', { textId: saved.texts[0]?.id })
    expect([refused.code, refused.message, refused.details.blanks]).toEqual([
      'request.invalid',
      expect.stringContaining('【填：核查日期】'),
      ['【填：核查日期】'],
    ])
    const body = BLANK.replace('【填：核查日期】', '5月6日')
    const sent = await road.sent(saved, 'leadstaff', { body })
    expect(sent.status).toBe('reviewing')
    // Nor does a reviewer put one in.
    const again = await road.refused('incharge', sent, 'saveText', { ...REPLY, body: BLANK })
    expect(again.message).toContain('没有填写')
  })

  it('are kept by 办公室, each change on the version that was seen', async () => {
    const shipped = await templates()
    expect(shipped.length).toBeGreaterThan(3)
    const input = { name: '隐患举报', hint: '', body: '您好，【填：情况】。', active: true }
    expect((await test.as('leadstaff')('POST', '/api/reply-templates', input)).statusCode).toBe(403)
    const { id } = (await test.as('officer')('POST', '/api/reply-templates', input)).json()
    const url = `/api/reply-templates/${id}`
    const change = { version: 1, ...input, active: false }
    expect((await test.as('officer')('PATCH', url, change)).statusCode).toBe(200)
    expect((await test.as('officer')('PATCH', url, change)).json().code).toBe('person.stale')
    expect((await test.as('officer')('PATCH', '/api/reply-templates/9999', change)).statusCode).toBe(404)
    expect((await templates()).find(each => each.id === id)).toMatchObject({ active: false, version: 2 })
    expect(
      (await test.as('officer')('POST', '/api/reply-templates', { ...input, body: '  ' })).json().message,
    ).toContain('正文')
  })
})
