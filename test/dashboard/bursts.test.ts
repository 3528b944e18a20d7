import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BurstAnswer } from '../../api/bursts/routes.ts'
import { watchBursts } from '../../api/bursts/watch.ts'
import { readConfig } from '../../api/config.ts'
import { openContext } from '../../api/context.ts'
import { unanalysedPosts } from '../../api/posts/analysis-store.ts'
import type { SlipDetail } from '../../api/slips/routes.ts'
import { type Program, startProgram } from '../replica/program.ts'
import { openPeople, type People, PHONE, sendForm, sidewaysPixels } from './browser.ts'
import { type Client, flaggedPosts, openClient } from './client.ts'

const HOUR = 3_600_000
const USUAL = 28
const SUDDEN = 9
let program: Program
let people: People
let duty: Client

/** So many houses on fire, each another one, as lines that `import` takes in. */
const lines = (name: string, count: number, hoursAgo: (n: number) => number) =>
  Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      id: `${name}${n}`,
      title: `${name}${n + 1}号厂房起火了`,
      text: `${name}${n + 1}号厂房起火，浓烟滚滚，消防车来了，楼里有人被困，求救援。`,
      publishedAt: new Date(Date.now() - hoursAgo(n) * HOUR).toISOString(),
    }),
  )

beforeAll(async () => {
  program = await startProgram({ replicas: [], port: 0 })
  people = await openPeople(program)
  duty = await openClient(program, 'duty')
  const file = join(program.env.DATA_DIR as string, 'posts.jsonl')
  const told = [...lines('东郊', USUAL, n => 30 * 24 - n * 25), ...lines('西郊', SUDDEN, n => 0.2 + n * 0.3)]
  writeFileSync(file, told.join('\n'))
  const { code, output } = await program.run('import', file, '--source', '来电')
  if (code) throw new Error(output)
  const context = await openContext(readConfig(program.env))
  await vi.waitFor(
    async () => {
      if ((await unanalysedPosts(context.db, 1)).length) throw new Error('posts wait for their analysis')
    },
    { timeout: 60_000, interval: 500 },
  )
  // The program looks by itself every ten minutes.
  await watchBursts(context)
  await context.close()
}, 120_000)
afterAll(async () => {
  await people?.close()
  await program?.close()
})

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

describe('bursts', () => {
  it('stand over the posts waiting, and lead to as many posts as they say', async () => {
    const page = await people.signIn('duty')
    const strip = region(page, '舆情突增')
    const source = strip.locator('div', { hasText: '信源突增' })
    await source.getByText(`近6小时${SUDDEN}条`, { exact: false }).waitFor()
    await page.setViewportSize(PHONE)
    expect(await sidewaysPixels(page)).toBe(0)
    await source.getByRole('link', { name: '来电' }).click()
    await page.waitForURL('**/trends?**')
    const list = page.getByRole('dialog')
    const total = Number(/：(\d+) 条/.exec((await list.getByText(/：\d+ 条/).textContent()) ?? '')?.[1])
    expect(total).toBeGreaterThanOrEqual(SUDDEN)
    expect(people.complaints.splice(0)).toEqual([])
    await page.context().close()
  })

  it('are listed for a week; how soon they are told is set by 办公室 alone', async () => {
    const { items } = await duty.get<BurstAnswer>('/api/bursts')
    expect(items.length).toBeGreaterThanOrEqual(2)
    const page = await people.signIn('duty')
    await page.goto(`${program.url}/notices?tab=bursts`)
    const list = region(page, '近一周的突增')
    await expect.poll(() => list.locator('.card-row').count()).toBe(items.length)
    for (const { evidence } of items) await list.getByText(evidence).first().waitFor()
    await region(page, '灵敏度').getByText('由市局办公室设定。').waitFor()
    const office = await people.signIn('office', PHONE)
    await office.goto(`${program.url}/notices?tab=bursts`)
    await region(office, '灵敏度').getByText('迟钝', { exact: true }).click()
    await region(office, '灵敏度')
      .getByText(/^6 小时内达到 10 条/)
      .waitFor()
    expect(await sidewaysPixels(office)).toBe(0)
    expect((await duty.get<BurstAnswer>('/api/bursts')).sensitivity).toBe('low')
    expect(people.complaints.splice(0)).toEqual([])
    for (const { context } of [page, office].map(each => ({ context: each.context() }))) await context.close()
  })
})

describe('the checklist of levels', () => {
  it('is ticked with the words found, and what people tick is kept (§3.1.4, S-10)', async () => {
    const [postId] = await flaggedPosts(duty, 1)
    const key = { 'idempotency-key': randomUUID() }
    const slip = await duty.post<SlipDetail>('/api/slips', { postIds: [postId], foundHow: 'monitor' }, key)
    await duty.act(slip, 'submit', { reason: '来电补录' })
    const page = await people.signIn('officehead', PHONE)
    await page.goto(`${program.url}/slips/${slip.id}`)
    await page.getByRole('button', { name: '研判', exact: true }).click()
    const form = page.getByRole('dialog', { name: '研判' })
    const row = (label: string) => form.getByRole('checkbox', { name: label })
    await expect.poll(() => row('有具体险情或人员受伤、被困').isChecked()).toBe(true)
    await form.getByText('系统勾选：').first().waitFor()
    await form.locator('.tick mark', { hasText: '被困' }).first().waitFor()
    await row('有具体险情或人员受伤、被困').uncheck()
    await row('线下聚集').check()
    expect(await sidewaysPixels(page)).toBe(0)
    await form.getByLabel('等级').click()
    await page.locator('.ant-select-dropdown:visible').getByText('较大、复杂性', { exact: true }).click()
    await page.locator('.ant-select-dropdown:visible').waitFor({ state: 'hidden' })
    await form.getByLabel('研判依据').fill('现场有人聚集')
    await form.getByLabel('主办处室').click()
    await page.locator('.ant-select-dropdown:visible').getByText('办公室', { exact: true }).click()
    await sendForm(form, '研判')
    const kept = (await duty.get<SlipDetail>(`/api/slips/${slip.id}`)).history.find(
      ({ detail }) => detail.checklist,
    )
    expect(kept?.detail.checklist).toContain('gathering')
    expect(kept?.detail.checklist).not.toContain('danger')
    await page.getByText(/核对：.*线下聚集/).waitFor({ state: 'attached' })
    expect(people.complaints.splice(0)).toEqual([])
    await page.context().close()
  })
})
