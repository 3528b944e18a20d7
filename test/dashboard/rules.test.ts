import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RuleHistory, RuleView } from '../../api/rules/routes.ts'
import { type Program, startProgram } from '../replica/program.ts'
import { type Replica, startReplica } from '../replica/server.ts'
import { openPeople, type People } from './browser.ts'
import { type Client, openClient } from './client.ts'

let program: Program
let people: People
let board: Replica
let office: Client

beforeAll(async () => {
  board = await startReplica({ charset: 'utf-8', now: Date.now, threads: 12, id: 'zhongwu' })
  program = await startProgram({ replicas: [board], port: 0 })
  people = await openPeople(program)
  office = await openClient(program, 'office')
})
afterAll(async () => {
  await people?.close()
  await program?.close()
  await board?.close()
})

const history = (id: string) => office.get<RuleHistory>(`/api/rules/${id}`)
const ruleCalled = async (name: string) => {
  const found = (await office.get<RuleView[]>('/api/rules')).find(({ newest }) => newest.name === name)
  if (!found) throw new Error(`no rule ${name}`)
  return found
}

async function openRules(login: string) {
  const page = await people.signIn(login)
  await page.goto(`${program.url}/rules`)
  await page.getByRole('button', { name: '新规则' }).waitFor()
  return page
}

describe('the form of a rule', () => {
  it('changes only what was changed, and shows the proposed version below at once', async () => {
    const { id, live } = await ruleCalled('煤气味')
    const page = await openRules('duty')
    await page
      .getByRole('button', { name: /煤气味/ })
      .first()
      .click()
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('combobox', { name: '信源（不选为全部）' }).click()
    await page.getByTitle(board.source.name).click()
    await drawer.getByRole('textbox', { name: /^任一/ }).fill('煤气味、「SOS 求救」')
    await drawer.getByPlaceholder('为什么提出这一版').fill('只看这一站')
    await drawer.getByRole('button', { name: '提出这一版' }).dblclick()
    await drawer.getByText('第 2 版').waitFor()
    await drawer.getByText(`信源： ${board.source.name}`).waitFor()
    const { versions } = await history(id)
    expect(versions.map(({ version }) => version)).toEqual([2, 1])
    expect(versions[0]?.body).toEqual({ ...live, any: ['煤气味', 'SOS 求救'], sources: ['zhongwu'] })
  })

  it('a new rule becomes its own drawer with its version', async () => {
    const page = await openRules('duty')
    await page.getByRole('button', { name: '新规则' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('编号').fill('gas-smell')
    await drawer.getByLabel('名称').fill('氢气球'.repeat(14))
    await drawer.getByText('名称太长，最多 40 个字').waitFor()
    await drawer.getByLabel('名称').fill('氢气球')
    await drawer.getByLabel('止用日').fill('2020-01-01')
    await drawer.getByText('止用日已过').waitFor()
    await drawer.getByLabel('起用日').fill('2020-01-02')
    await drawer.getByText('止用日早于起用日').waitFor()
    await drawer.getByLabel('起用日').fill('')
    await drawer.getByLabel('止用日').fill('')
    await drawer.getByLabel(/^主题分/).fill('abc')
    await drawer.getByRole('textbox', { name: /^相距/ }).fill('举报 … 12350')
    await drawer.getByPlaceholder('为什么提出这一版').fill('集市上多见')
    await drawer.getByRole('button', { name: '提出这一版' }).click()
    await drawer.getByText('主题分须为数字').waitFor()
    await expect
      .poll(async () => ((await drawer.getByLabel(/^主题分/).boundingBox())?.y ?? -1) > 50)
      .toBe(true)
    await drawer.getByLabel(/^主题分/).fill('9')
    await drawer.getByText('主题分须在 −2 到 2 之间').waitFor()
    await drawer.getByLabel(/^主题分/).fill('1')
    await drawer.getByRole('button', { name: '提出这一版' }).click()
    await drawer.getByText('编号「gas-smell」已经用于规则「煤气味」').waitFor()
    await drawer.getByLabel('编号').fill('balloon')
    await drawer.getByRole('button', { name: '提出这一版' }).dblclick()
    await drawer.getByRole('region', { name: '版本' }).getByText('第 1 版').waitFor()
    await page.getByRole('dialog', { name: '氢气球' }).waitFor()
    const { versions } = await history('balloon')
    expect(versions).toHaveLength(1)
    expect(versions[0]?.body.near).toEqual([{ a: ['举报'], b: ['12350'], within: 20 }])
    expect(people.complaints.filter(text => !text.includes('409 (Conflict)'))).toEqual([])
  })
})

describe('an act of 办公室', () => {
  it('is sent once, however often it is clicked', async () => {
    const page = await openRules('office')
    const sent: string[] = []
    page.on('request', request => {
      if (request.method() === 'POST' && request.url().endsWith('/retire')) sent.push(request.url())
    })
    await page.getByRole('button', { name: /危桥/ }).first().click()
    await page.getByRole('button', { name: '停用规则' }).click()
    const dialog = page.getByRole('dialog', { name: '停用规则' })
    await dialog.getByLabel('理由').fill('与道路规则重复')
    await dialog.getByRole('button', { name: '确定' }).dblclick()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByText('已停用').waitFor()
    expect(sent).toHaveLength(1)
  })
})

describe('a file of rules', () => {
  const picked = (text: string) => ({
    name: '规则.yaml',
    mimeType: 'application/yaml',
    buffer: Buffer.from(text),
  })

  it('that is wrong says every fault by its line; a right one is proposed once, however often it is clicked', async () => {
    const page = await openRules('office')
    const input = page.locator('input[type=file]')
    await input.setInputFiles(
      picked('rules:\n  - { id: aa, name: 甲, any: [乙], topicPoints: 9 }\n  - { id: bb }\n'),
    )
    const refused = page.getByRole('dialog', { name: '没有导入' })
    await refused.getByText(/第 2 行（aa）：主题分须在[\s\S]*第 3 行（bb）：缺少名称/).waitFor()
    await refused.getByRole('button', { name: '知道了' }).click()
    await refused.waitFor({ state: 'hidden' })

    await input.setInputFiles(picked('rules:\n  - { id: aa, name: 氢气罐, any: [氢气罐], topicPoints: 1 }\n'))
    const dialog = page.getByRole('dialog', { name: '导入规则' })
    await dialog.getByText('新增 1 条').waitFor()
    await dialog.getByLabel('理由').fill('年度整理')
    await dialog.getByRole('button', { name: '作为新版本提出' }).dblclick()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: /氢气罐/ }).waitFor()
    expect((await history('aa')).versions).toHaveLength(1)
  })
})
