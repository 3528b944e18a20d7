import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Program, startProgram } from '../replica/program.ts'
import { startReplica } from '../replica/server.ts'
import { DESK, openPeople, type People, PHONE, sidewaysPixels } from './browser.ts'

let program: Program
let people: People
const replicas: Awaited<ReturnType<typeof startReplica>>[] = []

beforeAll(async () => {
  replicas.push(await startReplica({ charset: 'utf-8', now: Date.now, threads: 40, id: 'zhongwu' }))
  program = await startProgram({ replicas, port: 0 })
  people = await openPeople(program)
})
afterAll(async () => {
  await people?.close()
  await program?.close()
  for (const replica of replicas) await replica.close()
})

const menu = (page: Page) => page.getByRole('navigation').first().getByRole('link')

async function visit(page: Page, href: string): Promise<void> {
  await page.locator(`nav a[href="${href}"]`).first().click()
  await page.locator('.main .page-head').waitFor()
  await expect.poll(() => page.locator('.ant-spin-spinning, .ant-skeleton').count()).toBe(0)
}

describe('every page of the menu', () => {
  it.each(['duty', 'chief', 'officehead', 'admin'])(
    'opens for %s without a complaint and without scrolling sideways on a phone',
    async login => {
      const page = await people.signIn(login)
      await menu(page).first().waitFor()
      const hrefs: string[] = []
      for (const link of await menu(page).all()) hrefs.push((await link.getAttribute('href')) ?? '')
      for (const href of hrefs) {
        await visit(page, href)
        await page.setViewportSize(PHONE)
        expect(await sidewaysPixels(page), `${href} on a phone`).toBe(0)
        await page.setViewportSize(DESK)
      }
      await page.context().close()
      expect(people.complaints.splice(0)).toEqual([])
    },
  )
})

describe('the command box', () => {
  it('Ctrl+K finds pages, posts and people by any part, with the keyboard alone', async () => {
    const page = await people.signIn('officehead')
    await page.getByRole('heading', { level: 1 }).waitFor()
    const find = async (words: string, group: string) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('textbox', { name: '查找' }).fill(words)
      await page.getByRole('heading', { name: group }).waitFor()
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
    }
    await find('期限', '页面')
    await page.waitForURL('**/deadlines')
    await find('陈立群', '人员')
    await page.waitForURL('**/people')
    const title = [...(replicas[0]?.board.threads.values() ?? [])].find(({ matter }) => matter)?.title ?? ''
    await find(title, '帖子')
    await page.waitForURL('**/posts?text=*')
    await page.locator('.post h2', { hasText: title }).waitFor()
    expect(people.complaints.splice(0)).toEqual([])
  })
})

describe('the calendar', () => {
  it("takes next year's notice as pasted, after showing what it read", async () => {
    const year = new Date().getUTCFullYear() + 1
    const sunday = [4, 5, 6, 7, 8, 9, 10].find(day => new Date(Date.UTC(year, 0, day)).getUTCDay() === 0)
    const page = await people.signIn('officehead')
    await page.goto(`${program.url}/calendar`)
    await page.getByRole('button', { name: '下一年' }).click()
    await page.getByRole('button', { name: `录入 ${year} 年通知` }).click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByRole('textbox', { name: '通知全文' })
      .fill(
        `关于${year}年部分节假日安排的通知\n国办发明电〔${year - 1}〕9号\n一、元旦：1月1日至3日放假调休，共3天。1月${sunday}日上班。`,
      )
    await dialog.getByRole('button', { name: '试读' }).click()
    await dialog.getByText(`${year}-01-01 至 ${year}-01-03，3 天`).waitFor()
    await dialog.getByText('时限都不变').waitFor()
    await dialog.getByRole('button', { name: '确认录入' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page
      .getByRole('region', { name: '依据' })
      .getByText(`国办发明电〔${year - 1}〕9号`)
      .waitFor()
    expect(await page.getByTitle(`${year}-01-02 元旦放假`).count()).toBe(1)
    expect(await page.getByTitle(`${year}-01-${String(sunday).padStart(2, '0')} 调休上班`).count()).toBe(1)
    expect(people.complaints.splice(0)).toEqual([])
  })
})
