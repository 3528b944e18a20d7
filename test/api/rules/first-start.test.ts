import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { readConfig } from '../../../api/config.ts'
import { openContext } from '../../../api/context.ts'
import type { ImportAnswer, LeftOut } from '../../../api/rules/routes.ts'
import { lexiconVersion, liveRules } from '../../../api/rules/store.ts'
import { type TestContext, testContext } from '../context.ts'

const RIGHT = '  - { id: gas, name: 燃气, any: [燃气泄漏], topicPoints: 1 }\n'
const WRONG = `  - { id: fire, name: 火, any: 5, topicPoints: 1 }
  - { id: gas, name: 又一条, any: [煤气], topicPoints: 1 }
  - 只是文字
`
const MENDED = `rules:\n${RIGHT}  - { id: fire, name: 火, any: [起火], topicPoints: 1 }\n`

let configDir: string
let test: TestContext | undefined
beforeAll(() => {
  configDir = mkdtempSync(join(tmpdir(), 'yuqing-config-'))
  cpSync(resolve(import.meta.dirname, '../../../config'), configDir, { recursive: true })
})
afterEach(async () => {
  await test?.close()
  test = undefined
})
afterAll(() => rmSync(configDir, { recursive: true }))

const write = (text: string) => writeFileSync(join(configDir, 'rules.yaml'), text)
const start = () => testContext(Date.parse('2026-11-20T10:00+08:00'), { env: { CONFIG_DIR: configDir } })
const live = async ({ context }: TestContext) => (await liveRules(context.db)).map(({ rule }) => rule.id)
const left = async ({ as }: TestContext) => (await as('duty')('GET', '/api/rules-left-out')).json<LeftOut>()

it('a first start takes what is right, and says what is wrong until it is mended and imported', async () => {
  write(`rules:\n${RIGHT}${WRONG}`)
  test = await start()
  expect(await live(test)).toEqual(['gas'])
  expect(await left(test)).toEqual({
    faults: [
      '第 3 行（fire）：任一须为清单。',
      '第 4 行（gas）：编号与第 2 行的规则重复，请换一个。',
      '第 5 行（没有编号）：规则须按「项: 值」分项填写。',
    ],
    waiting: [],
  })
  write(MENDED)
  expect(await left(test)).toEqual({ faults: [], waiting: ['火'] })
  const body = { yaml: readFileSync(join(configDir, 'rules.yaml'), 'utf8'), why: '补上', preview: false }
  const answer = await test.as('office')('POST', '/api/rules/import', body)
  expect(answer.json<ImportAnswer>()).toMatchObject({ added: ['fire'], unchanged: 1 })
  expect(await left(test)).toEqual({ faults: [], waiting: [] })
})

it('a file that is no YAML starts without rules; mended, the next start takes them', async () => {
  write('rules:\n  - { id: aa, name: 甲\n')
  test = await start()
  expect(await live(test)).toEqual([])
  expect((await left(test)).faults.join()).toMatch(/不是有效的 YAML 文件：\n第 \d 行/)
  const turn = await lexiconVersion(test.context.db)
  write(MENDED)
  const { config, database } = test.context
  const again = await openContext(config, { database, log: pino({ level: 'silent' }) })
  await again.search.close()
  await again.queue.close()
  expect(await live(test)).toEqual(['fire', 'gas'])
  expect(await lexiconVersion(test.context.db)).toBeGreaterThan(turn)
})

it('the log names every fault', async () => {
  write(`rules:\n${RIGHT}${WRONG}`)
  const folder = mkdtempSync(join(tmpdir(), 'yuqing-log-'))
  let said = ''
  const log = pino(
    new Writable({
      write(chunk, _, done) {
        said += String(chunk)
        done()
      },
    }),
  )
  const context = await openContext(readConfig({ DATA_DIR: folder, CONFIG_DIR: configDir }), { log })
  await context.close()
  rmSync(folder, { recursive: true })
  const lines = said.split('\n').filter(Boolean)
  const fault = lines
    .map(line => JSON.parse(line) as { level: number; faults?: string[] })
    .find(each => each.faults)
  expect(fault).toMatchObject({ level: 50 })
  expect(fault?.faults).toHaveLength(3)
})
