import { randomUUID } from 'node:crypto'
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SlipDetail } from '../../api/slips/routes.ts'
import { type Program, startProgram } from '../replica/program.ts'
import { type Replica, startReplica } from '../replica/server.ts'
import { openPeople, type People, PHONE, sendForm, sidewaysPixels } from './browser.ts'
import { type Client, flaggedPosts, openClient } from './client.ts'

let replica: Replica
let program: Program
let people: People
let hands: { duty: Client; office: Client; officehead: Client; staff: Client; chief: Client }

beforeAll(async () => {
  replica = await startReplica({ charset: 'utf-8', now: Date.now, threads: 100, id: 'zhongwu' })
  program = await startProgram({ replicas: [replica], port: 0 })
  people = await openPeople(program)
  const [duty, office, officehead, staff, chief] = await Promise.all(
    ['duty', 'office', 'officehead', 'staff', 'chief'].map(login => openClient(program, login)),
  )
  hands = { duty, office, officehead, staff, chief } as typeof hands
}, 240_000)
afterAll(async () => {
  await people?.close()
  await program?.close()
  await replica?.close()
})

/** A flagged post that no slip has yet; a second try of a test takes another. */
async function freePost(): Promise<number> {
  const [postId] = await flaggedPosts(hands.duty, 1)
  return postId as number
}

async function judged(postId: number, level: 'general' | 'major'): Promise<SlipDetail> {
  const { duty, officehead } = hands
  const key = { 'idempotency-key': randomUUID() }
  const body = { postIds: [postId], foundHow: 'monitor' }
  let slip = await duty.post<SlipDetail>('/api/slips', body, key)
  slip = await duty.act(slip, 'submit', { reason: '补录旧帖' })
  const order = level === 'major' ? { dueAt: Date.now() + 86_400_000 } : {}
  return officehead.act(slip, 'judge', { level, ground: '需核实', leadUnitId: slip.unit.id, ...order })
}

/** Opens an act wherever the slip page has it, fills its form and sends it. */
async function act(page: Page, name: string, fill: (form: Locator) => Promise<void> = async () => {}) {
  const form = page.getByRole('dialog', { name })
  // The page draws itself anew after each act; a menu that was just opened may be gone with the old one.
  for (let tries = 0; tries < 4 && !(await form.isVisible()); tries++) {
    await openForm(page, name).catch(() => {})
    await form.waitFor({ timeout: 5_000 }).catch(() => {})
  }
  await send(page, name, fill)
}
async function openForm(page: Page, name: string) {
  const timeout = 5_000
  const button = page.getByRole('button', { name, exact: true }).first()
  await page.getByRole('button', { name: '更多' }).waitFor()
  if (await button.isVisible()) return button.click({ timeout })
  await page.getByRole('button', { name: '更多' }).click({ timeout })
  await page.getByRole('menuitem', { name, exact: true }).click({ timeout })
}
async function send(page: Page, title: string, fill: (form: Locator) => Promise<void>, verb = title) {
  const form = page.getByRole('dialog', { name: title })
  await fill(form)
  await sendForm(form, verb)
}
async function choose(page: Page, form: Locator, field: string, option: string) {
  await form.getByLabel(field, { exact: true }).click()
  await pick(page, options => options.getByText(option, { exact: true }))
}
/** Takes an option of the one open list and waits until that is shut: the next may not meet it on its way out. */
async function pick(page: Page, which: (options: Locator) => Locator) {
  const list = page.locator('.ant-select-dropdown:visible')
  await which(list.locator('.ant-select-item-option-content')).click()
  await list.waitFor({ state: 'hidden' })
}

describe('screens of the casework', () => {
  it('重大: each superior has his report and receipt on the slip; every number of 统计 opens its slips', async () => {
    const { officehead, chief } = hands
    let slip = await judged(await freePost(), 'major')
    slip = await officehead.act(slip, 'saveText', { purpose: 'opinion', body: '立即核查。', mode: 'public' })
    slip = await officehead.act(slip, 'sendForReview', { textId: slip.texts[0]?.id })
    const { id, hash } = slip.texts[0] as SlipDetail['texts'][number]
    slip = await chief.act(slip, 'approve', { textId: id, textHash: hash, opinion: '同意' })
    const page = await people.signIn('officehead')
    await page.goto(`${program.url}/slips/${slip.id}`)
    for (const receiver of ['省应急管理厅', '市委宣传部']) {
      const card = page.getByRole('article', { name: receiver })
      await card.getByRole('button', { name: '登记初报' }).click()
      await send(page, '登记上报', async form => {
        await form.getByTitle(receiver).waitFor()
        await form.getByLabel('方式').fill('公文系统')
        await form.getByLabel('经办人').fill('徐静')
      })
      await card.getByText('初报已报').waitFor()
      await card.getByRole('button', { name: '登记回执' }).click()
      await send(page, '登记回执', form => form.getByLabel('回执', { exact: true }).fill('已收悉'))
      await card.getByText('回执：已收悉').waitFor()
    }
    await page.getByRole('article', { name: '省应急管理厅' }).getByRole('link', { name: '续报稿' }).waitFor()
    await page.setViewportSize(PHONE)
    expect(await sidewaysPixels(page)).toBe(0)
    await page.goto(`${program.url}/slips?level=major`)
    const register = await page.getByRole('link', { name: '导出台账' }).getAttribute('href')
    expect(register).toMatch(/^\/api\/register\.xlsx\?month=\d{4}-\d{2}&level=major$/)
    await page.goto(`${program.url}/statistics`)
    await page.getByRole('button', { name: /^受理 \d+$/ }).click()
    await page.getByRole('dialog').getByRole('link', { name: slip.title }).waitFor()
    expect(people.complaints.splice(0)).toEqual([])
    await page.context().close()
  })

  it('an open slip: level, unit, posts by a picker, and at last void, all from its page', async () => {
    const slip = await judged(await freePost(), 'general')
    const moreId = await freePost()
    const title = (await hands.office.get<{ title: string | null }>(`/api/posts/${moreId}`)).title ?? ''
    const page = await people.signIn('officehead')
    await page.goto(`${program.url}/slips/${slip.id}`)
    await act(page, '调整等级', async form => {
      await choose(page, form, '等级', '较大、复杂性')
      await form.getByLabel('调整理由').fill('多人反映')
    })
    await page.locator('.slip-head').getByText('较大、复杂性').waitFor()
    await act(page, '改派', async form => {
      await choose(page, form, '主办处室', '办公室')
      await form.getByLabel('理由', { exact: true }).fill('属其职责')
    })
    await page.locator('.facts').getByText('办公室', { exact: true }).waitFor()
    await act(page, '并入帖子', async form => {
      // Others may have the same words: the one meant is taken by its place in the list that the page got.
      const answer = page.waitForResponse(response => response.url().includes('/api/posts?limit=20&text='))
      await form.getByRole('combobox').fill(title)
      const { items } = (await (await answer).json()) as { items: { id: number }[] }
      await pick(page, options => options.nth(items.findIndex(({ id }) => id === moreId)))
    })
    const entries = page.getByRole('region', { name: '帖子与回复' })
    await entries.getByText('2 条', { exact: true }).waitFor()
    await act(page, '移出帖子', async form => {
      await form.getByLabel('帖子', { exact: true }).click()
      await pick(page, options => options.last())
      await form.getByLabel('移出理由').fill('不是一回事')
    })
    await entries.getByText('1 条', { exact: true }).waitFor()
    await act(page, '作废', form => form.getByLabel('作废理由').fill('重复'))
    await page.getByText('已作废：重复').waitFor()
    expect(people.complaints.splice(0)).toEqual([])
    await page.context().close()
  })

  it('the desk: a template’s blanks keep a draft from review until they are filled in', async () => {
    const slip = await judged(await freePost(), 'general')
    const page = await people.signIn('staff')
    await page.goto(`${program.url}/slips/${slip.id}`)
    const desk = page.getByRole('region', { name: '拟稿' })
    await choose(page, desk, '套用模板', '初步回应（需要延长）')
    const hints = page.getByRole('region', { name: '文稿检查' })
    await hints.getByText('【填：答复日期】').waitFor()
    await desk.getByRole('button', { name: '保存文稿' }).click()
    await desk.getByText('第 1 稿').waitFor()
    expect(await desk.getByRole('button', { name: '送审' }).isDisabled()).toBe(true)
    await desk
      .getByRole('textbox', { name: '文稿' })
      .fill('您好，您反映的异味一事已收悉，我局将尽快核查并答复您，感谢监督。')
    await hints.getByText('没有时间').waitFor()
    await desk
      .getByRole('textbox', { name: '文稿' })
      .fill('您好，您反映的异味一事已收悉，我局将于三个工作日内核查并答复您。')
    await hints.waitFor({ state: 'hidden' })
    await desk.getByRole('button', { name: '保存文稿' }).click()
    await desk.getByText('第 2 稿').waitFor()
    await desk.getByRole('button', { name: '送审' }).click()
    await page.locator('.slip-head').getByText('待审核').waitFor()
    expect(people.complaints.splice(0)).toEqual([])
    await page.context().close()
  })

  it('patrol, 专员, units, persons and accounts are kept on their pages', async () => {
    const duty = await people.signIn('duty')
    await duty.goto(`${program.url}/patrol`)
    await duty.getByRole('button', { name: '全部看过' }).click()
    await duty.getByRole('button', { name: '登记巡查' }).click()
    await duty.getByText('已登记', { exact: false }).first().waitFor()
    await duty.context().close()

    const name = `航空救援中心${randomUUID().slice(0, 4)}`
    const admin = await people.signIn('admin')
    await admin.goto(`${program.url}/people`)
    await admin.getByRole('button', { name: '修改吴建宁' }).click()
    await send(admin, '修改「吴建宁」', form => form.getByLabel('电话').fill('0519-86681234'), '保存')
    await admin.getByRole('tab', { name: '单位' }).click()
    await admin.getByRole('button', { name: '新增单位' }).click()
    await send(admin, '新增单位', form => form.getByLabel('名称').fill(name), '保存')
    await admin.getByRole('cell', { name, exact: true }).waitFor()
    await admin.context().close()

    const office = await people.signIn('officehead')
    await office.goto(`${program.url}/people?tab=officers`)
    await office.getByText('没有在岗专员').waitFor()
    await office.getByRole('button', { name: '指定危险化学品安全监督管理处的专员' }).click()
    await send(
      office,
      '指定危险化学品安全监督管理处的专员',
      async form => {
        await choose(office, form, '人员', '周晓岚')
      },
      '保存',
    )
    await office.getByText('至 今').first().waitFor()
    await office.getByRole('tab', { name: '实名账号' }).click()
    await office.getByRole('button', { name: '登记账号' }).click()
    await send(
      office,
      '登记实名账号',
      async form => {
        await choose(office, form, '平台', '微博')
        await form.getByLabel('账号名称').fill(name)
        await choose(office, form, '单位', '办公室')
        await form.getByLabel('保管人').fill('徐静')
      },
      '保存',
    )
    await office.getByRole('cell', { name, exact: true }).waitFor()
    expect(people.complaints.splice(0)).toEqual([])
    await office.context().close()
  })
})
