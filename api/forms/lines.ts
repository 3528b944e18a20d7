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

/** Only a page can be read back; a private answer has its picture (design §5.11). */
function seenOn({ mode, verifiedAt, goneAt }: ReplyView): string {
  if (mode !== 'public') return ''
  if (goneAt !== null) return `（${paperTime(goneAt)}起页面已看不到）`
  return verifiedAt === null ? '（未核验）' : ''
}

/** What answered that round; until then its 初步回应. */
export function answerOf(replies: readonly ReplyView[], inRound: number): ReplyView | undefined {
  const own = replies.filter(({ round }) => round === inRound)
  return own.findLast(({ kind }) => kind !== 'initial') ?? own.at(-1)
}

export function replyLine(reply: ReplyView): string {
  if (reply.kind === 'none')
    return `不回复（${reply.noReplyReason ? NO_REPLY_REASONS[reply.noReplyReason] : ''}）：${reply.reason ?? ''}`
  return [
    ...(reply.kind === 'initial' ? ['初步回应'] : []),
    `账号：${reply.account?.name ?? ''}`,
    `时间：${paperTime(reply.repliedAt)}${seenOn(reply)}`,
    reply.mode === 'public' ? `链接：${reply.url ?? ''}` : REPLY_MODES[reply.mode],
  ].join('　')
}
