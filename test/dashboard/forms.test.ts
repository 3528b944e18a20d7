import { randomUUID } from 'node:crypto'
import iconv from 'iconv-lite'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SlipDetail } from '../../api/slips/routes.ts'
import { type Program, startProgram } from '../replica/program.ts'
import { openPeople, type People, PHONE } from './browser.ts'
import { type Client, openClient } from './client.ts'

let program: Program
let people: People
let hands: { duty: Client; office: Client; staff: Client; leader: Client }

beforeAll(async () => {
  program = await startProgram({ replicas: [], port: 0 })
  people = await openPeople(program)
  const [duty, office, staff, leader] = await Promise.all(
    ['duty', 'office', 'staff', 'leader'].map(login => openClient(program, login)),
  )
  hands = { duty, office, staff, leader } as typeof hands
}, 240_000)
afterAll(async () => {
  await people?.close()
  await program?.close()
})

async function at(path: string, login = 'officehead', viewport?: typeof PHONE): Promise<Page> {
  const page = await people.signIn(login, viewport)
  await page.goto(program.url + path)
  await page.locator('.main .page-head').waitFor()
  return page
}

/** A slip that waits for a text, made of what somebody typed in. */
async function slipToAnswer(): Promise<SlipDetail> {
  const untimed = { publishedAt: null, publishedPrecision: null, uploads: [] }
  const manual = {
    platform: '来电',
    noUrlReason: '电话',
    title: '楼道堆物',
    text: '楼道堆满纸箱',
    ...untimed,
  }
  const body = { postIds: [], manual: [manual], foundHow: 'public', topic: '安全生产' }
  let slip = await hands.duty.post<SlipDetail>('/api/slips', body, { 'idempotency-key': randomUUID() })
  slip = await hands.duty.act(slip, 'submit')
  return hands.office.act(slip, 'judge', { level: 'general', ground: '情况简单', leadUnitId: slip.unit.id })
}

/** Controls of the browser's own, which speak the browser's language. */
const NATIVE = 'input:is([type=date],[type=time],[type=month],[type=datetime-local],[type=file]):visible'

describe('days, times and files', () => {
  it('are asked for in Chinese, whatever the browser speaks', async () => {
    const page = await at('/statistics')
    const links = page.getByRole('navigation').first().getByRole('link')
    const hrefs = await links.evaluateAll(all => all.map(each => each.getAttribute('href')))
    for (const href of [...hrefs, '/notices?tab=setting', '/intake?way=table']) {
      await page.goto(program.url + href)
      await page.locator('.main .page-head').waitFor()
      await expect.poll(() => page.locator('.ant-spin-spinning, .ant-skeleton').count()).toBe(0)
      expect(await page.locator(NATIVE).count(), `native controls on ${href}`).toBe(0)
    }
    expect(hrefs).toContain('/patrol')
    await page.context().close()
  })

  it('a day may be typed as people write it, chosen, and emptied again', async () => {
    const page = await at('/posts')
    const from = page.getByLabel('起日')
    await from.fill('2026年1月5日')
    await page.waitForURL('**/posts?from=2026-01-05')
    await page.keyboard.press('Tab')
    await expect.poll(() => from.inputValue()).toBe('2026-01-05')
    await from.click()
    await page.getByText('2026年', { exact: true }).waitFor()
    await page.getByTitle('2026-01-19').click()
    await page.waitForURL('**/posts?from=2026-01-19')
    await from.fill('')
    await page.waitForURL('**/posts')
    await page.context().close()
  })

  it('a day and hour are chosen inside a phone’s screen', async () => {
    const page = await at('/intake', 'duty', PHONE)
    await page.getByLabel('发布时间').tap()
    const box = await page.locator('.ant-picker-dropdown').boundingBox()
    expect(box && box.x >= 0 && box.x + box.width <= PHONE.width, JSON.stringify(box)).toBe(true)
    await page.getByText('此刻').tap()
    expect(await page.getByLabel('发布时间').inputValue()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/)
    await page.context().close()
  })

  it('a file mended meanwhile may be chosen again; one of Windows is read in its own charset', async () => {
    const page = await at('/calendar')
    await page.getByRole('button', { name: '下一年' }).click()
    await page.getByRole('button', { name: /^录入 \d+ 年通知$/ }).click()
    const dialog = page.getByRole('dialog')
    const choose = (words: string) =>
      dialog.getByLabel('选择文本文件').setInputFiles({
        name: '通知.txt',
        mimeType: 'text/plain',
        buffer: iconv.encode(words, 'gb18030'),
      })
    await choose('元旦：1月1日放假')
    const text = dialog.getByLabel('通知全文')
    await expect.poll(() => text.inputValue()).toBe('元旦：1月1日放假')
    await choose('元旦：1月1日至3日放假')
    await expect.poll(() => text.inputValue()).toBe('元旦：1月1日至3日放假')
    await page.context().close()
  })
})

describe('what was written', () => {
  it('of a text stands again after a click on the menu or a closed page, until it is saved or let go', async () => {
    const slip = await slipToAnswer()
    const page = await people.signIn('staff')
    await page.goto(`${program.url}/slips/${slip.id}`)
    const desk = page.getByRole('region', { name: '拟稿' })
    const text = desk.getByRole('textbox', { name: '文稿' })
    const restored = desk.getByText('已恢复您上次没有保存的文字。')
    await text.fill('您好，您反映的楼道堆物我处已派人')
    await page.getByRole('link', { name: '处理单' }).first().click()
    await page.getByRole('heading', { level: 1, name: '处理单' }).waitFor()
    await page.goto(`${program.url}/slips/${slip.id}`)
    await restored.waitFor()
    expect(await text.inputValue()).toBe('您好，您反映的楼道堆物我处已派人')

    // Another kind of text has its own words.
    const choose = async (kind: string) => {
      await desk.getByRole('combobox', { name: '文稿种类' }).click()
      await page.locator('.ant-select-dropdown:visible').getByText(kind, { exact: true }).click()
    }
    await choose('初步回应')
    await expect.poll(() => text.inputValue()).toBe('')
    await choose('回复稿')
    await expect.poll(() => text.inputValue()).toBe('您好，您反映的楼道堆物我处已派人')
    await text.fill('您好，楼道已清理。')
    await desk.getByRole('button', { name: '保存文稿' }).click()
    await desk.getByText('第 1 稿，').waitFor()
    await text.fill('您好，楼道')
    await page.reload()
    await restored.waitFor()
    await desk.getByRole('button', { name: '不要了' }).click()
    await expect.poll(() => text.inputValue()).toBe('您好，楼道已清理。')
    await page.reload()
    await expect.poll(() => text.inputValue()).toBe('您好，楼道已清理。')
    expect(await restored.count()).toBe(0)
    await page.context().close()
  })

  it('of an opinion and a correction stands again on the leader’s phone', async () => {
    const begun = await slipToAnswer()
    const body = { purpose: 'reply', body: '您好，已清理。', mode: 'public' }
    const drafted = await hands.staff.act(begun, 'saveText', body)
    await hands.staff.act(drafted, 'sendForReview', { textId: drafted.texts[0]?.id })
    const phone = await people.signIn('leader', PHONE)
    await phone.goto(`${program.url}/slips/${begun.id}`)
    await phone.getByRole('textbox', { name: '审核意见' }).fill('写明清理时间')
    await phone.getByRole('button', { name: '改几个字' }).tap()
    await phone.getByRole('textbox', { name: '修改文稿' }).fill('您好，昨天已清理。')
    await phone.reload()
    expect(await phone.getByRole('textbox', { name: '修改文稿' }).inputValue()).toBe('您好，昨天已清理。')
    await phone.getByRole('button', { name: '退回修改' }).tap()
    await phone.getByText('已退回修改').waitFor()
    const { history } = await hands.leader.get<SlipDetail>(`/api/slips/${begun.id}`)
    expect(history.at(-1)).toMatchObject({ action: 'return', detail: { reason: '写明清理时间' } })
    await phone.context().close()
  })

  it('in a form is not thrown away by a click beside it, and only after a question by closing it', async () => {
    const slip = await slipToAnswer()
    const page = await people.signIn('office')
    await page.goto(`${program.url}/slips/${slip.id}`)
    await page.getByRole('button', { name: '更多' }).click()
    const last = page.getByRole('menuitem').last()
    await last.waitFor()
    expect(await last.innerText()).toBe('作废')
    await last.click()
    const form = page.getByRole('dialog', { name: '作废' })
    await form.getByLabel('作废理由').fill('与另一单重复')
    await page.mouse.click(20, 700)
    await page.keyboard.press('Escape')
    const question = page.getByRole('dialog', { name: '放弃已填写的内容？' })
    await question.getByRole('button', { name: '继续填写' }).click()
    await question.waitFor({ state: 'hidden' })
    expect(await form.getByLabel('作废理由').inputValue()).toBe('与另一单重复')
    await form.locator('.ant-modal-close').click()
    await question.getByRole('button', { name: '放弃' }).click()
    await form.waitFor({ state: 'hidden' })
    await page.context().close()
  })

  it('of a post that nobody’s crawler brings stands again', async () => {
    const page = await at('/intake', 'duty')
    await page.getByLabel('内容').fill('来电反映厂房冒烟')
    await page.goto(`${program.url}/tasks`)
    await page.goto(`${program.url}/intake`)
    await expect.poll(() => page.getByLabel('内容').inputValue()).toBe('来电反映厂房冒烟')
    await page.context().close()
  })
})

describe('the answer', () => {
  it('is copied as approved, and recorded under an account of its own platform, with its address', async () => {
    const begun = await slipToAnswer()
    const body = { purpose: 'reply', body: '您好，楼道已于今日清理。', mode: 'public' }
    let slip = await hands.staff.act(begun, 'saveText', body)
    slip = await hands.staff.act(slip, 'sendForReview', { textId: slip.texts[0]?.id })
    const { id, hash } = slip.texts[0] as SlipDetail['texts'][number]
    await hands.leader.act(slip, 'approve', { textId: id, textHash: hash, opinion: '同意' })
    const name = `应急${randomUUID().slice(0, 4)}`
    const account = (name: string, more: object) => ({
      ...{
        platform: '微博',
        name,
        platformUid: null,
        unitId: begun.unit.id,
        realName: true,
        certified: true,
      },
      ...{ custodian: '陈立群', contact: null, activeFrom: '2019-01-01', activeTo: null, ...more },
    })
    await hands.office.post('/api/accounts', account(`${name}旧号`, { activeTo: '2020-01-01' }))
    await hands.office.post('/api/accounts', account(name, {}))
    const page = await people.signIn('staff')
    await page.goto(`${program.url}/slips/${slip.id}`)
    await page.getByRole('button', { name: '复制文稿' }).click()
    await page.getByRole('button', { name: '已复制' }).waitFor()
    await page.getByRole('button', { name: '登记回复' }).click()
    const form = page.getByRole('dialog', { name: '登记回复' })
    await form.getByText('（微博）').waitFor()
    // On its first field, not on the cross.
    await form.locator('form :focus').waitFor()
    await form.getByRole('combobox', { name: '实名账号' }).click()
    expect(await page.locator('.ant-select-dropdown:visible').getByText('旧号').count()).toBe(0)
    await page.keyboard.press('Escape')
    await form.getByRole('button', { name: '登记回复' }).click()
    await form.getByText('请填写回复网址').waitFor()
    await page.context().close()
  })
})
