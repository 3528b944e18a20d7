/** Whether the papers of a slip are all there: proof of each reply (S-27), the archive copy of each level (S-35). Pure. */
import type { StoredEvidence } from '../evidence/store.ts'
import { REPORT_RECEIVERS, type ReportReceiver } from '../vocabulary.ts'
import { reportedUp, unanswered } from './progress.ts'
import type { EntryRow, ReplyRow, WholeSlip } from './store.ts'

/** Replies with neither a page read back nor a picture (design §5.11): 待佐证. */
export const withoutProof = (
  { replies }: Pick<WholeSlip, 'replies'>,
  evidence: StoredEvidence[],
): ReplyRow[] =>
  replies.filter(
    reply =>
      reply.kind !== 'none' &&
      !(reply.mode === 'public' && reply.verified_at !== null) &&
      !evidence.some(({ replyId }) => replyId === reply.id),
  )

/** A page that staff found by themselves and nobody took a picture of (form field 14); a stored post is kept as read. */
const isUnseen = (entry: EntryRow, evidence: StoredEvidence[]): boolean =>
  entry.detached_at === null &&
  entry.post_id === null &&
  entry.url !== null &&
  !evidence.some(({ entryId }) => entryId === entry.id)

/** What the archive copy still lacks, in Chinese; empty = nothing. */
export function missingParts(whole: WholeSlip, evidence: StoredEvidence[]): string[] {
  const { slip, entries, reports } = whole
  const receiptless = (Object.keys(REPORT_RECEIVERS) as ReportReceiver[]).filter(
    receiver => !reports.some(each => each.kind === 'first' && each.receiver === receiver && each.receipt),
  )
  return [
    ...(slip.result ? [] : ['落实情况']),
    ...(unanswered(whole).length ? ['回复记录或不回复理由'] : []),
    ...(withoutProof(whole, evidence).length ? ['回复佐证'] : []),
    ...(entries.some(entry => isUnseen(entry, evidence)) ? ['原帖截图'] : []),
    ...(slip.level === 'major' && !reportedUp(whole) ? ['处理意见及两家上报记录'] : []),
    ...(slip.level === 'major' ? receiptless.map(receiver => `${REPORT_RECEIVERS[receiver]}回执`) : []),
  ]
}
