/** Sentences that form and 附页 share. */
import { paperDate, paperTime } from '../print/format.ts'
import type { ReplyView } from '../slips/routes.ts'
import { NO_REPLY_REASONS, REPLY_MODES } from '../vocabulary.ts'

/** What the page itself says, as fine as it says it; never more. */
export function postedAt(ms: number | null, precision: string | null): string {
  if (ms === null || precision === null) return '页面未显示'
  if (precision === 'year') return paperDate(ms).replace(/年.*/, '年')
  if (precision === 'month') return paperDate(ms).replace(/月.*/, '月')
  return precision === 'day' ? paperDate(ms) : paperTime(ms)
}

export function replyLine(reply: ReplyView): string {
  if (reply.kind === 'none')
    return `不回复（${reply.noReplyReason ? NO_REPLY_REASONS[reply.noReplyReason] : ''}）：${reply.reason ?? ''}`
  return [
    `账号：${reply.account?.name ?? ''}`,
    // Only a page can be read back; a private answer has its picture (design §5.11).
    `时间：${paperTime(reply.repliedAt)}${reply.mode === 'public' && reply.verify !== 'verified' ? '（未核验）' : ''}`,
    reply.mode === 'public' ? `链接：${reply.url ?? ''}` : REPLY_MODES[reply.mode],
  ].join('　')
}
