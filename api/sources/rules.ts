import { siteProblem } from '../../crawlers/registry.ts'
import type { CrawlErrorKind, SourceConfig } from '../../crawlers/site.ts'
import { CRAWL_ERRORS } from '../vocabulary.ts'

const MINUTE = 60_000

export type HealthWord = 'ok' | 'waiting' | 'limited' | 'failing' | 'off'
export interface Health {
  health: HealthWord
  /** One sentence for the duty officer. */
  healthText: string
}

export interface BoardHealth {
  name: string
  readAt: number | null
  failures: number
  error: { kind: CrawlErrorKind; message: string } | null
}

/** One word and one sentence for the duty officer. */
export function sourceHealth(
  source: {
    config: SourceConfig
    enabled: boolean
    reason: string | null
    breaker: { level: number; until: number; reason: string } | null
    boards: readonly BoardHealth[]
    /** What the plan's figures say is wrong though every visit succeeds. */
    alarms: readonly { title: string }[]
  },
  now: number,
): Health {
  const { config, boards, breaker } = source
  const missing = siteProblem(config)
  if (config.engine === 'manual') return { health: 'off', healthText: missing ?? '' }
  if (!source.enabled) return { health: 'off', healthText: `未启用：${source.reason ?? '已停用'}` }
  if (missing) return { health: 'off', healthText: missing }
  if (!boards.length) return { health: 'off', healthText: '没有填写要看的版块' }
  if (breaker && breaker.until > now) return held(breaker)
  const failing = boards.filter(({ failures }) => failures > 0)
  const worst = failing.sort((a, b) => b.failures - a.failures)[0]
  if (worst?.error) {
    const { kind, message } = worst.error
    const which = boards.length > 1 ? `「${worst.name}」` : ''
    const others = failing.length > 1 ? `等 ${failing.length} 个版块` : ''
    return {
      health: 'failing',
      healthText: `${which}${others}连续 ${worst.failures} 次未读成：${CRAWL_ERRORS[kind]}（${message}）。${adviceFor(kind)}`,
    }
  }
  const lastRead = Math.max(...boards.map(({ readAt }) => readAt ?? 0))
  if (lastRead === 0) return { health: 'waiting', healthText: '等待第一次访问' }
  const [alarm] = source.alarms
  if (alarm) return { health: 'failing', healthText: alarm.title }
  const minutes = Math.floor((now - lastRead) / MINUTE)
  return { health: 'ok', healthText: minutes < 2 ? '正常，刚刚读过' : `正常，${minutes} 分钟前读过` }
}

const held = ({ level, reason }: { level: number; reason: string }): Health =>
  level > 0
    ? { health: 'limited', healthText: `来源受限：${reason}，到期后自动再试，请勿频繁人工刷新` }
    : { health: 'failing', healthText: `站点没有回应：${reason}，稍后自动再试` }

const ADVICE: Partial<Record<CrawlErrorKind, string>> = {
  parse: '页面结构可能变了，请联系管理员核对读取规则',
  notFound: '请核对版块编号和网址',
  robots: '该站不允许采集此路径，请改用订阅源或人工录入',
  network: '请检查网络或该站是否能打开',
  login: '该版块需要登录，请改为人工录入',
  closed: '站点关闭中，开放后自动恢复',
}

export const adviceFor = (kind: CrawlErrorKind): string =>
  ADVICE[kind] ?? '请稍后再看，若持续不恢复请联系管理员'
