import { startAccounts } from './accounts.ts'
import { startFeeds } from './feeds.ts'
import { eight, hualongxiang, nine, startForum } from './forums/index.ts'
import type { ReplicaSite } from './host.ts'
import { startNews } from './news.ts'
import { type Replica, startReplica } from './server.ts'

export { type Replica, type ReplicaOptions, startReplica } from './server.ts'

const BOARDS = [
  { fid: 103, name: '龙城茶座' },
  { fid: 4, name: '百姓议事' },
]

/**
 * One place of every kind that lives on by itself: two boards that people can sign in to, a 化龙巷, PHPWind 9 and 8.7, a
 * paper with comments, 公众号 and feeds. A new matter within the first minute and every minute after.
 */
export async function startDemoSites(options: {
  now: () => number
}): Promise<{ replicas: (ReplicaSite | Replica)[]; close(): Promise<void> }> {
  const { now } = options
  const forum = { now, boards: BOARDS, threads: 130 }
  const replicas = await Promise.all<ReplicaSite | Replica>([
    startReplica({ charset: 'utf-8', now, lifeMs: 11_000, seed: 11, id: 'zhongwu', name: '中吴网（模拟）' }),
    startReplica({
      charset: 'gbk',
      now,
      lifeMs: 17_000,
      seed: 23,
      id: 'longcheng',
      name: '龙城旧坛（模拟）',
    }),
    startForum({
      ...forum,
      skin: hualongxiang,
      lifeMs: 29_000,
      seed: 31,
      id: 'hualongxiang',
      name: '化龙巷（模拟）',
    }),
    startForum({
      ...forum,
      skin: nine,
      lifeMs: 37_000,
      seed: 41,
      id: 'shequ',
      name: '常州社区（模拟）',
    }),
    startForum({
      ...forum,
      skin: eight,
      lifeMs: 41_000,
      seed: 43,
      id: 'jinling',
      name: '延陵论坛（模拟）',
    }),
    startNews({ now, variant: 'app', lifeMs: 47_000, seed: 53, id: 'cz001' }),
    startAccounts({ now, lifeMs: 59_000, seed: 61, id: 'weixin' }),
    startFeeds({ now, lifeMs: 61_000, seed: 67, id: 'feeds' }),
  ])
  return {
    replicas,
    async close() {
      await Promise.all(replicas.map(replica => replica.close()))
    },
  }
}

/** What a person at the bureau does by hand: signs in on the board and replies through its form. Returns the floor's URL. */
export async function postReply(replica: Replica, tid: number, message: string): Promise<string> {
  const gbk = replica.charset === 'gbk'
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
