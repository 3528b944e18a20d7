import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SlipDetail } from '../../api/slips/routes.ts'
import { postReply } from '../replica/index.ts'
import { type Program, startProgram } from '../replica/program.ts'
import { type Replica, startReplica } from '../replica/server.ts'
import { openPeople, type People, PHONE, sendForm, sidewaysPixels } from './browser.ts'

const TITLE = '湖塘化工厂半夜放气，味道冲得睡不着'
const DRAFT = '您好，已派员到现场检查，超标排放属实，已责令停产整改。感谢您的监督。'
const CORRECTED = DRAFT.replace('检查，超标', '检查。超标')

let replica: Replica
let program: Program
let people: People

beforeAll(async () => {
  replica = await startReplica({ charset: 'gbk', now: Date.now, threads: 24, id: 'hualongxiang' })
  replica.board.addThread({
    fid: 2,
    title: TITLE,
    text: '武进湖塘这家化工厂又偷偷排放，氨气泄漏一样刺鼻，老人孩子咳嗽，求安监去查。',
    author: '湖塘小马',
    at: Date.now() - 600_000,
  })
  program = await startProgram({ replicas: [replica], port: 0 })
  people = await openPeople(program)
})
afterAll(async () => {
  await people?.close()
  await program?.close()
  await replica?.close()
})

/** Presses the act's button, wherever the slip page has it, fills its form and sends it. */
async function act(page: Page, name: string, fill: (form: ReturnType<Page['getByRole']>) => Promise<void>) {
  const button = page.getByRole('button', { name, exact: true })
  await button
    .or(page.getByRole('button', { name: '更多' }))
    .first()
    .waitFor()
  if (await button.isVisible()) await button.click()
  else {
    await page.getByRole('button', { name: '更多' }).click()
    await page.getByRole('menuitem', { name, exact: true }).click()
  }
  const form = page.getByRole('dialog', { name })
  await fill(form)
  await sendForm(form, name)
}

const choose = async (page: Page, form: ReturnType<Page['getByRole']>, field: string, option: string) => {
  await form.getByLabel(field).click()
  await page.locator('.ant-select-dropdown:visible').getByText(option, { exact: true }).click()
}

const openTask = async (page: Page, what: string) => {
  await page.goto(`${program.url}/tasks`)
  await page.getByRole('link', { name: new RegExp(what) }).click()
  await page.getByRole('heading', { name: TITLE }).waitFor()
}

it('a post on a board becomes an archived slip, through four people in their browsers (S-7 … S-34)', async () => {
  const duty = await people.signIn('duty')
  const office = await people.signIn('office')
  const staff = await people.signIn('staff')
  const chief = await people.signIn('chief', PHONE)

  // The duty officer, by keyboard alone: down to the post, s = slip.
  const row = duty.locator('.post-row', { hasText: TITLE })
  await row.waitFor()
  await expect
    .poll(async () => {
      if ((await row.getAttribute('aria-current')) === 'true') return true
      await duty.keyboard.press('j')
      return false
    })
    .toBe(true)
  await duty.getByRole('region', { name: '为什么提示' }).getByText('规则').first().waitFor()
  await duty.keyboard.press('s')
  await duty.waitForURL(/\/slips\/\d+$/)
  const address = duty.url()
  await act(duty, '提交研判', async () => {})
  await duty.getByText('待研判').waitFor()

  await openTask(office, '待研判')
  await act(office, '研判', async form => {
    await choose(office, form, '等级', '较大、复杂性')
    await form.getByLabel('研判依据').fill('涉及危险化学品，群众反映强烈')
    await choose(office, form, '主办处室', '危险化学品安全监督管理处')
  })

  await openTask(staff, '待拟稿')
  await staff.getByRole('textbox', { name: '文稿' }).fill(DRAFT)
  await staff.getByRole('button', { name: '保存文稿' }).click()
  await staff.getByRole('button', { name: '送审' }).click()
  await staff.getByText('待审核').waitFor()

  const approve = async () => {
    await openTask(chief, '待审核')
    expect(await sidewaysPixels(chief)).toBe(0)
    await chief.getByRole('button', { name: '同意', exact: true }).click()
    await chief.getByText('待回复').waitFor()
  }
  await approve()

  // S-17: a changed comma voids the approval.
  await staff.goto(address)
  await act(staff, '保存文稿', form => form.getByRole('textbox', { name: '文稿' }).fill(CORRECTED))
  await staff.getByText('待拟稿').waitFor()
  expect(await staff.getByText('审核同意：').count()).toBe(0)
  await staff.getByRole('button', { name: '送审' }).click()
  await approve()

  // Posting stays a human act; the office then records where it stands.
  const thread = [...replica.board.threads.values()].find(({ title }) => title === TITLE)
  const replyUrl = await postReply(replica, thread?.tid ?? 0, CORRECTED)
  await openTask(office, '待回复')
  await act(office, '登记回复', form => form.getByLabel('回复网址').fill(replyUrl))
  await office.getByText('已核验').waitFor()
  const picture = office.getByRole('img', { name: /回复后截图/ })
  await picture.waitFor({ timeout: 90_000 })
  await expect
    .poll(() => picture.evaluate(image => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBeGreaterThan(600)

  await openTask(staff, '待跟踪办结')
  await act(staff, '登记跟踪', async form => {
    await form.getByLabel('浏览').fill('320')
    await form.getByLabel('跟踪研判').fill('平稳，无新诉求')
  })
  await act(staff, '办结', form => form.getByLabel('落实情况').fill('企业已停产整改，复测达标。'))
  await act(staff, '移交存档', async () => {})
  await openTask(office, '待存档')
  await act(office, '存档', async () => {})
  await office.getByText(/档号 YQ\d{4}-001/).waitFor()

  const slip: SlipDetail = await (await office.request.get(address.replace('/slips/', '/api/slips/'))).json()
  expect(slip).toMatchObject({ status: 'archived', level: 'complex', onTime: true })
  expect(slip.texts.map(({ body, approval }) => [body, approval?.by.name ?? null])).toEqual([
    [DRAFT, null],
    [CORRECTED, '顾正平'],
  ])
  expect(slip.entries[0]?.reply).toMatchObject({ verify: 'verified', text: CORRECTED })
  expect(people.complaints.splice(0)).toEqual([])
  const verified = await program.run('verify')
  expect(verified).toEqual({ code: 0, output: expect.stringContaining('全部完好') })
}, 240_000)
