import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SourceView } from '../../api/sources/routes.ts'
import { type Program, startProgram } from '../replica/program.ts'
import { type Replica, startReplica } from '../replica/server.ts'
import { openPeople, type People, PHONE, sidewaysPixels } from './browser.ts'
import { type Client, openClient } from './client.ts'

let program: Program
let people: People
let office: Client
let watched: Replica
let found: Replica

beforeAll(async () => {
  watched = await startReplica({ charset: 'utf-8', now: Date.now, threads: 12, id: 'zhongwu' })
  found = await startReplica({ charset: 'gbk', now: Date.now, threads: 12, id: 'other', name: '湖塘论坛' })
  process.env.PRIVATE_HOSTS = new URL(found.url).host
  program = await startProgram({ replicas: [watched], port: 0 })
  people = await openPeople(program)
  office = await openClient(program, 'office')
})
afterAll(async () => {
  delete process.env.PRIVATE_HOSTS
  await people?.close()
  await program?.close()
  await watched?.close()
  await found?.close()
})

const sources = () => office.get<SourceView[]>('/api/sources')

describe('a source is added without a programmer', () => {
  it('a pasted address is tried, shown field by field, saved, and read', async () => {
    const page = await people.signIn('office')
    await page.goto(`${program.url}/sources`)
    await page.getByRole('button', { name: '新增信源' }).click()
    const drawer = page.getByRole('dialog', { name: '新增信源' })
    await drawer
      .getByRole('textbox', { name: '网址' })
      .fill(`${found.url}forum.php?mod=redirect&goto=findpost`)
    await drawer.getByRole('button', { name: '试读' }).click()
    await drawer.getByText('该站不允许采集这个路径，不能加入').waitFor()
    expect(await drawer.getByRole('button', { name: '加入信源' }).count()).toBe(0)

    await drawer.getByRole('textbox', { name: '网址' }).first().fill(`${found.url}forum-2-1.html`)
    await drawer.getByRole('button', { name: '试读' }).click()
    await drawer.getByText('Discuz! 论坛 · 版块列表').waitFor()
    const [thread] = [...found.board.threads.values()].filter(({ fid, sticky }) => fid === 2 && !sticky)
    await drawer
      .getByRole('region', { name: '读到的列表' })
      .getByText(thread?.title ?? '', { exact: true })
      .first()
      .waitFor()
    await drawer.getByRole('region', { name: '读到的帖子' }).getByText('1 楼').waitFor()
    await drawer.getByLabel('访问间隔（秒）').fill('0')
    await drawer.getByLabel('保存天数').fill('365')
    await drawer.getByRole('textbox', { name: '原因' }).fill('街道反映这里帖子多')
    await drawer.getByRole('button', { name: '加入信源' }).click()
    await page.getByRole('region', { name: '湖塘论坛' }).getByText('补采最近 7 天').first().waitFor()
    await expect
      .poll(async () => (await sources()).find(({ name }) => name === '湖塘论坛')?.posts ?? 0, {
        timeout: 60_000,
      })
      .toBeGreaterThan(10)
  })

  it('is edited and switched off with a reason; every version says who and why', async () => {
    const page = await people.signIn('officehead')
    await page.goto(`${program.url}/sources`)
    const card = page.getByRole('region', { name: '湖塘论坛' })
    await card.getByRole('button', { name: '设置与版本' }).click()
    const drawer = page.getByRole('dialog', { name: '湖塘论坛：设置' })
    await drawer.getByLabel('每日访问上限（次）').fill('800')
    await drawer.getByRole('textbox', { name: '原因' }).fill('站方希望少访问')
    await drawer.getByRole('button', { name: '保存修改' }).click()
    const versions = drawer.getByRole('region', { name: '版本' })
    await versions.getByText('站方希望少访问').first().waitFor()
    await versions.getByText('每日上限').waitFor()
    await versions.getByText('街道反映这里帖子多').waitFor()
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })
    await card.getByRole('button', { name: '停用' }).click()
    await page.getByRole('textbox', { name: '停用原因' }).fill('论坛搬家')
    await page.getByRole('dialog').getByRole('button', { name: '停用' }).click()
    await card.getByText('未启用：论坛搬家').waitFor()
    expect((await sources()).find(({ name }) => name === '湖塘论坛')?.enabled).toBe(false)
    await page.setViewportSize(PHONE)
    expect(await sidewaysPixels(page)).toBe(0)
    expect(people.complaints.splice(0)).toEqual([])
  })

  it('who is not of 办公室 sees the plan and changes nothing', async () => {
    const page = await people.signIn('duty', PHONE)
    await page.goto(`${program.url}/sources`)
    const card = page.getByRole('region', { name: watched.source.name })
    await card.getByText('今日访问').waitFor()
    await card.getByText('下次访问').waitFor()
    expect(await page.getByRole('button', { name: '新增信源' }).count()).toBe(0)
    expect(await card.getByRole('button', { name: '停用' }).count()).toBe(0)
    expect(await sidewaysPixels(page)).toBe(0)
    expect(people.complaints.splice(0)).toEqual([])
  })
})

describe('what no crawler brings', () => {
  const PNG = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )

  it('a video is taken in by link, words and a screenshot dropped on the page, and becomes a slip', async () => {
    const page = await people.signIn('duty')
    await page.goto(`${program.url}/intake`)
    const form = page.getByRole('region', { name: '录入一条' })
    await form.getByLabel('来自').fill('短视频平台')
    await form.getByLabel('链接').fill('https://www.douyin.com/video/73')
    await form.getByLabel('内容').fill('湖塘一小区地下车库燃气味很重，住户反映两天没人管。')
    const dropped = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer()
      const bytes = new Uint8Array(${JSON.stringify([...PNG])})
      transfer.items.add(new File([bytes], '截图.png', { type: 'image/png' }))
      return transfer
    })()`)
    await form.getByRole('region', { name: '图片' }).dispatchEvent('drop', { dataTransfer: dropped })
    await form.getByText('截图.png').waitFor()
    await form.getByRole('button', { name: '录入' }).click()
    await form.getByText('已录入，分析后按规则提示。').waitFor()
    await form.getByRole('button', { name: '直接做成处理单' }).click()
    await page.waitForURL('**/slips/*')
    await page.getByText('湖塘一小区地下车库燃气味很重').first().waitFor()
    expect(people.complaints.splice(0)).toEqual([])
  })

  it('a table is shown with its mistakes by row and column, then taken in once', async () => {
    const page = await people.signIn('duty', PHONE)
    await page.goto(`${program.url}/intake`)
    await page.getByText('表格导入').click()
    const panel = page.getByRole('region', { name: '表格导入' })
    await panel.getByLabel('来自').fill('街道转来')
    const table = iconv.encode('内容,发布时间\n消防通道被占,2026-01-05 09:30\n电梯困人,下周三\n', 'gb18030')
    await panel
      .getByLabel('选择表格')
      .setInputFiles({ name: '一月.csv', mimeType: 'text/csv', buffer: table })
    await panel.getByRole('button', { name: '预览' }).click()
    await panel.getByRole('table', { name: '有误的地方' }).getByText('认不出「下周三」').waitFor()
    await panel.getByRole('table', { name: '将要导入' }).getByText('消防通道被占').waitFor()
    expect(await sidewaysPixels(page)).toBe(0)
    await panel.getByText('跳过有误的 1 行').click()
    await panel.getByRole('button', { name: '导入 1 条' }).click()
    await panel.getByText('已导入：新增 1 条，已有 0 条，跳过 1 行。').waitFor()
    await panel.getByRole('region', { name: '最近导入' }).getByText('一月.csv').waitFor()
    await panel.getByRole('button', { name: '预览' }).click()
    await panel.getByText('系统里已有 1 条').waitFor()
    expect(people.complaints.splice(0)).toEqual([])
  })
})
