import { whyNot } from '../../crawlers/registry.ts'
import type { CrawlErrorKind } from '../../crawlers/site.ts'
import { CRAWL_ERRORS } from '../vocabulary.ts'
import type { SourceView } from './routes.ts'

const MINUTE = 60_000
const VISIT_SECONDS = 120
/** A source that fails is asked less and less often. */
const MAX_BACK_OFF_MS = 60 * MINUTE

/** When to look again, epoch ms; never before the breaker allows it. */
export function nextVisit(
  source: { visitSeconds?: number },
  state: { now: number; failures: number; heldUntil: number | null; full: boolean },
): number {
  const usual = (source.visitSeconds ?? VISIT_SECONDS) * 1000
  // Stopped by its own limit, there is more to read at once.
  const gap = state.full
    ? usual / 4
    : Math.min(usual * 2 ** Math.min(state.failures, 6), Math.max(usual, MAX_BACK_OFF_MS))
  return Math.max(state.now + gap, state.heldUntil ?? 0)
}

type Health = Pick<SourceView, 'health' | 'healthText'>

/** One word and one sentence for the duty officer. */
export function sourceHealth(
  source: Pick<
    SourceView,
    'engine' | 'enabled' | 'reason' | 'consecutiveFailures' | 'lastSuccessAt' | 'breaker'
  > & {
    boards: unknown[]
    lastError: { kind: CrawlErrorKind; message: string } | null
  },
  now: number,
): Health {
  if (!source.enabled) return { health: 'off', healthText: `未启用：${source.reason ?? '已停用'}` }
  const missing = whyNot(source as Parameters<typeof whyNot>[0])
  if (missing) return { health: 'off', healthText: missing }
  if (!source.boards.length) return { health: 'off', healthText: '没有填写要看的版块' }
  if (source.breaker && source.breaker.until > now)
    return {
      health: 'limited',
      healthText: `来源受限：${source.breaker.reason}，到期后自动再试，请勿频繁人工刷新`,
    }
  if (source.consecutiveFailures > 0 && source.lastError) {
    const { kind, message } = source.lastError
    const advice = ADVICE[kind] ?? '请稍后再看，若持续不恢复请联系管理员'
    return {
      health: 'failing',
      healthText: `连续 ${source.consecutiveFailures} 次未读成：${CRAWL_ERRORS[kind]}（${message}）。${advice}`,
    }
  }
  if (source.lastSuccessAt === null) return { health: 'waiting', healthText: '等待第一次访问' }
  const minutes = Math.floor((now - source.lastSuccessAt) / MINUTE)
  return { health: 'ok', healthText: minutes < 2 ? '正常，刚刚读过' : `正常，${minutes} 分钟前读过` }
}

const ADVICE: Partial<Record<CrawlErrorKind, string>> = {
  parse: '页面结构可能变了，请联系管理员核对读取规则',
  notFound: '请核对版块编号和网址',
  robots: '该站不允许采集此路径，请改用订阅源或人工录入',
  network: '请检查网络或该站是否能打开',
  login: '该版块需要登录，请改为人工录入',
  closed: '站点关闭中，开放后自动恢复',
}
