import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SlipDetail } from '../../api/slips/routes.ts'
import { type Program, startProgram } from '../replica/program.ts'
import { type Replica, startReplica } from '../replica/server.ts'
import { openPeople, type People, PHONE, sidewaysPixels } from './browser.ts'
import { type Client, flaggedPosts, openClient, slipUnderReview } from './client.ts'

const DRAFT = '您好，您反映的问题我处已派人核实，情况属实，已责令当场整改。'
const CORRECTED = DRAFT.replace('当场整改', '三日内整改到位')

let replica: Replica
let program: Program
let people: People
let leader: Client
let slips: SlipDetail[]
let phone: Page

beforeAll(async () => {
  replica = await startReplica({ charset: 'utf-8', now: Date.now, threads: 100, id: 'zhongwu' })
  program = await startProgram({ replicas: [replica], port: 0 })
  people = await openPeople(program)
  const hands = {
    duty: await openClient(program, 'duty'),
    office: await openClient(program, 'office'),
    staff: await openClient(program, 'staff'),
  }
  leader = await openClient(program, 'leader')
  slips = []
  for (const id of await flaggedPosts(hands.duty, 4)) slips.push(await slipUnderReview(hands, id, DRAFT))
  phone = await people.signIn('leader', PHONE)
})
afterAll(async () => {
  await people?.close()
  await program?.close()
  await replica?.close()
})

const read = (slip: SlipDetail | undefined) => leader.get<SlipDetail>(`/api/slips/${slip?.id}`)

describe('a leader at 390 px', () => {
  it('opens a link, reads, corrects a sentence and approves in at most five taps (design §5.10)', async () => {
    const [slip] = slips
    let taps = 1 // the link itself
    await phone.goto(`${program.url}/slips/${slip?.id}`)
    const tap = async (name: string) => {
      taps++
      await phone.getByRole('button', { name, exact: true }).tap()
    }
    await phone.getByRole('region', { name: '审核' }).getByText(DRAFT).waitFor()
    expect(await sidewaysPixels(phone)).toBe(0)
    await tap('改几个字')
    taps++ // into the sentence
    await phone.getByRole('textbox', { name: '修改文稿' }).fill(CORRECTED)
    await phone.getByRole('region', { name: '改动' }).waitFor()
    expect(await sidewaysPixels(phone)).toBe(0)
    await tap('改后同意')
    await phone.getByText('待回复').waitFor()
    expect(taps).toBeLessThanOrEqual(5)

    const { texts } = await read(slip)
    expect(texts.map(({ body, author, approval }) => [body, author.name, approval?.by.name])).toEqual([
      [DRAFT, '陈立群', undefined],
      [CORRECTED, '陈立群', '沈国梁'],
    ])
  })

  it('approves several of 一般性 at once, leaving out one', async () => {
    const [, second, third, fourth] = slips
    await phone.goto(`${program.url}/tasks`)
    await phone.getByRole('link', { name: '批量审核 3 件一般性' }).tap()
    await phone.getByRole('button', { name: '同意所选 3 件' }).waitFor()
    expect(await sidewaysPixels(phone)).toBe(0)
    await phone
      .getByRole('region', { name: third?.title ?? '', exact: true })
      .filter({ hasText: third?.number ?? '' })
      .getByRole('checkbox')
      .tap()
    await phone.getByRole('button', { name: '同意所选 2 件' }).tap()
    await phone.getByRole('button', { name: '同意所选 0 件' }).waitFor()
    const states = []
    for (const slip of [second, third, fourth]) states.push((await read(slip)).status)
    expect(states).toEqual(['replying', 'reviewing', 'replying'])
    expect(people.complaints.splice(0)).toEqual([])
  })

  it('for whom nothing waits sees what runs in his charge, what is due and what was flagged', async () => {
    const other = await people.signIn('discipline', PHONE)
    await other.getByText('没有等您办理的事项。').waitFor()
    const running = other.getByRole('region', { name: '在办处理单' })
    await running.getByRole('link', { name: slips[2]?.title ?? '', exact: true }).waitFor()
    await running.getByText('等待分管领导审核').waitFor()
    await other
      .getByRole('region', { name: '近 7 天线索' })
      .getByText(/^[1-9]\d* 条/)
      .first()
      .waitFor()
    expect(await sidewaysPixels(other)).toBe(0)
    await other.getByRole('link', { name: /已超期$/ }).tap()
    await other.waitForURL('**/deadlines?only=overdue')
    expect(await other.getByRole('button', { name: /已超期$/ }).getAttribute('aria-pressed')).toBe('true')
    await other.context().close()
  })
})
