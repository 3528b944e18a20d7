import iconv from 'iconv-lite'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Program, startProgram } from '../replica/program.ts'
import { openPeople, type People, PHONE } from './browser.ts'

let program: Program
let people: People

beforeAll(async () => {
  program = await startProgram({ replicas: [], port: 0 })
  people = await openPeople(program)
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
