import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAudit, verifyAudit } from '../../../api/audit.ts'
import { maskRecord } from '../../../api/mask.ts'
import type { RevealedPost } from '../../../api/slips/routes.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast } from './cast.ts'
import { at, Road } from './road.ts'

it('S-38: a record is masked through and through', () => {
  expect(
    maskRecord({ manual: [{ author: '龙城老李', text: '电话 13812345678' }], n: 1, gone: null }),
  ).toEqual({
    manual: [{ author: '龙***', text: '电话 138****5678' }],
    n: 1,
    gone: null,
  })
})

describe('S-38 personal data of netizens', () => {
  let test: TestContext
  let road: Road
  beforeAll(async () => {
    test = await testContext(at('2019-05-06T09:00:00'))
    await addCast(test.context, '2019-05-06')
    road = await Road.open(test)
  })
  afterAll(() => test.close())

  const PHONE = '13812341234'
  const made = () =>
    road.create('ownduty', {
      foundHow: 'public',
      topic: '安全生产',
      manual: [
        {
          platform: '微博',
          noUrlReason: '来电',
          author: '龙城老李',
          title: `隔壁厂漏气 ${PHONE}`,
          text: `请联系我 ${PHONE}`,
          publishedAt: null,
          publishedPrecision: null,
          uploads: [],
        },
      ],
    })

  it('is masked on the slip, in its history and in lists; read in full it leaves a trace of its own', async () => {
    const slip = await made()
    const { entries, history } = slip
    expect([entries[0]?.author, entries[0]?.text]).toEqual(['龙***', '请联系我 138****1234'])
    expect(JSON.stringify([entries, history])).not.toContain(PHONE)
    const list = (await test.as('ownhead')('GET', '/api/slips')).body
    expect([list.includes(PHONE), list.includes('138****1234')]).toEqual([false, true])
    // What staff edit is as they wrote it, or an edit would save the stars.
    expect(slip.title).toContain(PHONE)

    const revealed = (
      await test.as('ownhead')('POST', `/api/slips/${slip.id}/reveal`)
    ).json() as RevealedPost[]
    expect(revealed[0]).toMatchObject({ author: '龙城老李', text: `请联系我 ${PHONE}` })
    const { db } = test.context
    expect(
      (await readAudit(db, 'reading', String(slip.id))).map(({ action, actorId }) => [action, actorId]),
    ).toHaveLength(1)
    // Reading makes nobody's version stale.
    expect((await road.read('ownhead', slip.id)).version).toBe(slip.version)
    expect((await road.go('ownduty', slip, 'submit')).status).toBe('judging')
    expect((await verifyAudit(db)).problems).toEqual([])
  })

  it('is for handler, office and approver: not for other units, nor the inspection group', async () => {
    const slip = await made()
    const status = async (login: string) =>
      (await test.as(login)('POST', `/api/slips/${slip.id}/reveal`)).statusCode
    for (const login of ['ownduty', 'officer', 'inchargeofown', 'bureauchief'])
      expect(await status(login), login).toBe(200)
    for (const login of ['otherduty', 'otherleader', 'inspector', 'operator', 'clerk'])
      expect(await status(login), login).toBe(403)
    expect(await readAudit(test.context.db, 'reading', String(slip.id))).toHaveLength(4)
  })
})
