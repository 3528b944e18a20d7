import type { SourceConfig } from '../../crawlers/site.ts'
import { type Replica, startReplica } from './server.ts'

export { type Replica, type ReplicaOptions, startReplica } from './server.ts'

/** Two boards that live: one in UTF-8, one in GBK; a new matter within the first minute and every minute after. */
export async function startDemoBoards(options: {
  now: () => number
}): Promise<{ sources: SourceConfig[]; replicas: Replica[]; close(): Promise<void> }> {
  const { now } = options
  const replicas = [
    await startReplica({
      charset: 'utf-8',
      now,
      lifeMs: 11_000,
      seed: 11,
      id: 'zhongwu',
      name: '中吴网（模拟）',
    }),
    await startReplica({
      charset: 'gbk',
      now,
      lifeMs: 17_000,
      seed: 23,
      id: 'hualongxiang',
      name: '化龙巷（模拟）',
    }),
  ]
  return {
    replicas,
    sources: replicas.map(({ source }) => source),
    async close() {
      await Promise.all(replicas.map(replica => replica.close()))
    },
  }
}

/** What a person at the bureau does by hand: signs in on the board and replies through its form. Returns the floor's URL. */
export async function postReply(replica: Replica, tid: number, message: string): Promise<string> {
  const gbk = replica.source.id.includes('gbk') || replica.source.id === 'hualongxiang'
  const { default: iconv } = await import('iconv-lite')
  const form = (fields: Record<string, string>) =>
    Object.entries(fields)
      .map(([name, value]) => {
        const bytes = iconv.encode(value, gbk ? 'gb18030' : 'utf8')
        return `${name}=${[...bytes].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')}`
      })
      .join('&')
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const { name: username, password } = replica.credentials
  const signedIn = await fetch(`${replica.url}member.php?mod=logging&action=login&loginsubmit=yes&inajax=1`, {
    method: 'POST',
    headers,
    body: form({ username, password }),
  })
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  const page = await (
    await fetch(`${replica.url}forum.php?mod=viewthread&tid=${tid}`, { headers: { cookie } })
  ).text()
  const formhash = /name="formhash" value="(\w+)"/.exec(page)?.[1] ?? ''
  const posted = await fetch(
    `${replica.url}forum.php?mod=post&action=reply&tid=${tid}&replysubmit=yes&inajax=1`,
    {
      method: 'POST',
      headers: { ...headers, cookie },
      body: form({ message, formhash }),
    },
  )
  const answer = await posted.text()
  const pid = /'pid':'(\d+)'/.exec(answer)?.[1]
  if (!pid) throw new Error(`the board refused: ${answer.slice(0, 200)}`)
  return `${replica.url}forum.php?mod=viewthread&tid=${tid}&pid=${pid}#pid${pid}`
}
