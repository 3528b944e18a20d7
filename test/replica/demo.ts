/**
 * `npm run demo`: the program itself (api/main.ts all) against two replica boards, in a temporary data folder, with
 * one named person per role. Everything ends and is removed with Ctrl+C.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import { readConfig } from '../../api/config.ts'
import { openContext } from '../../api/context.ts'
import { shanghaiDay } from '../../api/deadline.ts'
import { ROLES } from '../../api/vocabulary.ts'
import { addDemoPeople } from './demo-people.ts'
import { startDemoBoards } from './index.ts'

const project = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'yuqing-demo-'))
const configDir = join(folder, 'config')
const env = {
  ...process.env,
  HOST: '127.0.0.1',
  PORT: process.env.PORT ?? '8080',
  DATA_DIR: join(folder, 'data'),
  CONFIG_DIR: configDir,
  LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
}

const boards = await startDemoBoards({ now: Date.now })
cpSync(join(project, 'config'), configDir, { recursive: true })
writeFileSync(join(configDir, 'sources.yaml'), stringify({ sources: boards.sources }))

const config = readConfig(env)
const context = await openContext(config)
const now = context.now()
const platforms = boards.replicas.map(({ source, credentials }) => ({
  id: source.id,
  accountName: credentials.name,
  uid: credentials.uid,
}))
const people = await context.db
  .transaction()
  .execute(trx => addDemoPeople(trx, platforms, shanghaiDay(now), now))
await context.close()

const program = spawn(process.execPath, [join(project, 'api/main.ts'), 'all'], { env, stdio: 'inherit' })

const wide = (text: string, width: number) =>
  text + ' '.repeat(Math.max(1, width - [...text].reduce((sum, char) => sum + (char > '\u2e80' ? 2 : 1), 0)))
console.log(`\n示范系统：http://127.0.0.1:${config.port}  （数据在临时目录，按 Ctrl+C 结束即清除）`)
for (const { source, credentials } of boards.replicas)
  console.log(
    `模拟论坛：${wide(source.name, 24)}${source.url}  （以 ${credentials.name} / ${credentials.password} 登录后可发回复）`,
  )
console.log(`\n${wide('岗位', 26)}${wide('姓名', 12)}${wide('用户名', 14)}密码`)
for (const { roles, name, login, password } of people)
  console.log(
    `${wide(roles.map(role => ROLES[role]).join('、'), 26)}${wide(name, 12)}${wide(login, 14)}${password}`,
  )
console.log('')

let ending = false
async function end(code: number): Promise<void> {
  if (ending) return
  ending = true
  if (program.exitCode === null && program.signalCode === null) {
    const gone = new Promise(done => program.once('exit', done))
    program.kill('SIGTERM')
    await gone
  }
  await boards.close()
  rmSync(folder, { recursive: true, force: true })
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0))
program.once('exit', code => void end(code ?? 1))
