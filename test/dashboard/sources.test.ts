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
    await page.getByRole('region', { name: '湖塘论坛' }).waitFor()
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
    expect(people.complaints).toEqual([])
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
    expect(people.complaints).toEqual([])
  })
})
