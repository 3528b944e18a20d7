/**
 * What is wrong with a source, from the facts of its boards: one alarm of a kind, gone by itself when the source is
 * well again. `since` names the episode, so that it is told once. Pure.
 */
import type { CrawlErrorKind } from '../../crawlers/site.ts'
import { adviceFor } from './rules.ts'
import { expectedPosts, type Rhythm } from './schedule.ts'

const HOUR_MS = 3_600_000
/** Posts that should have come: with so many expected, none is no accident. */
const SILENT_AFTER_POSTS = 10
/** What is learnt in less is no rhythm. */
const LEARNT_MS = 72 * HOUR_MS
const FAILING_AFTER = 3

export interface AlarmFacts {
  breaker: { level: number; until: number; reason: string } | null
  boards: readonly {
    name: string
    rhythm: Rhythm
    watchedSince: number
    readAt: number | null
    newsAt: number | null
    failures: number
    errorKind: CrawlErrorKind | null
    emptyReads: number
    missedReads: number
  }[]
  /** New posts of the last three days, and how many of them have no readable date. */
  recent: { posts: number; undated: number }
}

export type AlarmKind = 'silence' | 'yield' | 'dates' | 'login' | 'challenge' | 'failing'
export interface Alarm {
  kind: AlarmKind
  since: number
  /** Without the source's name. */
  title: string
  advice: string
}

export function alarmsOf(source: AlarmFacts, now: number): Alarm[] {
  const { boards, breaker, recent } = source
  const alarms: Alarm[] = []
  const lastRead = Math.max(0, ...boards.map(({ readAt }) => readAt ?? 0))
  const add = (kind: AlarmKind, title: string, advice: string, since = lastRead) =>
    alarms.push({ kind, since, title, advice })
  if (breaker && breaker.level > 0)
    add('challenge', `来源受限，${breaker.reason}`, '到期后自动再试；请勿人工频繁刷新，必要时与站方联系。')
  const failing = boards.filter(({ failures }) => failures >= FAILING_AFTER)
  const login = failing.filter(({ errorKind }) => errorKind === 'login' || errorKind === 'forbidden')
  if (login.length)
    add('login', `${namesOf(login)}需要登录`, '请检查订阅网关的登录是否过期，或改为人工录入。')
  const other = failing.find(board => !login.includes(board))
  if (other && !breaker)
    add('failing', `${namesOf(failing)}连续读不成`, `${adviceFor(other.errorKind ?? 'network')}。`)
  const bare = boards.filter(
    each => each.newsAt !== null && Math.max(each.emptyReads, each.missedReads) >= FAILING_AFTER,
  )
  if (bare.length)
    add(
      'yield',
      `${namesOf(bare)}读得到页面，读不出帖子`,
      '页面结构可能变了，请联系管理员核对读取规则；这些网页已留存，修好后用 replay 命令可补读。',
      newest(bare),
    )
  if (recent.posts >= 20 && recent.undated / recent.posts >= 0.8)
    add('dates', '发布时间读不出', '页面上的时间写法可能变了，请联系管理员核对。', 0)
  const learnt = boards.length > 0 && boards.every(({ watchedSince }) => watchedSince <= now - LEARNT_MS)
  const quietSince = newest(boards)
  const expected = boards.reduce((sum, { rhythm }) => sum + expectedPosts(rhythm, quietSince, now), 0)
  // Only while it is being read: what can't be read has an alarm of its own.
  if (learnt && quietSince > 0 && !alarms.length && expected >= SILENT_AFTER_POSTS)
    add(
      'silence',
      `${Math.floor((now - quietSince) / HOUR_MS)} 小时没有新帖，按平时应有约 ${Math.round(expected)} 条`,
      '请打开网站看是否仍在更新，版块是否搬走或改名。',
      quietSince,
    )
  return alarms
}

const newest = (boards: readonly { newsAt: number | null }[]): number =>
  Math.max(0, ...boards.map(({ newsAt }) => newsAt ?? 0))

const namesOf = (boards: readonly { name: string }[]): string =>
  boards.length > 2
    ? `「${boards[0]?.name}」等 ${boards.length} 个版块`
    : boards.map(({ name }) => `「${name}」`).join('')
