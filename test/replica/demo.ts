/**
 * `npm run demo`: the program itself (api/main.ts all) against a replica of every kind of place, in a temporary data
 * folder, with one named person per role. Everything ends and is removed with Ctrl+C.
 */
import { ROLES } from '../../api/vocabulary.ts'
import { startDemoSites } from './index.ts'
import { startProgram } from './program.ts'

const sites = await startDemoSites({ now: Date.now })
const program = await startProgram({
  replicas: sites.replicas,
  port: Number(process.env.PORT ?? 8080),
  logLevel: process.env.LOG_LEVEL ?? 'warn',
})

const wide = (text: string, width: number) =>
  text + ' '.repeat(Math.max(1, width - [...text].reduce((sum, char) => sum + (char > '\u2e80' ? 2 : 1), 0)))
console.log(`\n示范系统：${program.url}  （数据在临时目录，按 Ctrl+C 结束即清除）`)
for (const replica of sites.replicas) {
  const { name, url } = replica.source
  const account = 'credentials' in replica ? replica.credentials : null
  const how = account ? `  （以 ${account.name} / ${account.password} 登录后可发回复）` : ''
  console.log(`模拟来源：${wide(name, 24)}${url}${how}`)
}
console.log(`\n${wide('岗位', 26)}${wide('姓名', 12)}${wide('用户名', 14)}密码`)
for (const { roles, name, login, password } of program.people)
  console.log(
    `${wide(roles.map(role => ROLES[role]).join('、'), 26)}${wide(name, 12)}${wide(login, 14)}${password}`,
  )
console.log('\n一分钟内，工作台上会出现线索；之后新帖子会不断到来。')

let ending = false
async function end(code: number): Promise<void> {
  if (ending) return
  ending = true
  await program.close()
  await sites.close()
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0))
program.process.once('exit', code => void end(code ?? 1))
