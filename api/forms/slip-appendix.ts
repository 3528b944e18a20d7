import { maskName, maskPersonal } from '../mask.ts'
import { paperTime } from '../print/format.ts'
import type { SlipDetail } from '../slips/routes.ts'
import { TEXT_PURPOSES } from '../vocabulary.ts'
import { answerOf, postedAt, replyLine } from './lines.ts'

/** One block of 附页. */
export interface Section {
  heading: string
  body: string
}

/** What has no room on the one page: overflowing texts, further posts, tracking rows, further rounds (requirements.md §3.1). */
export function appendixOf(slip: SlipDetail, overflow: ReadonlyMap<string, string>): Section[] {
  const posts = slip.entries.filter(entry => entry.detachedAt === null)
  const rounds = slip.rounds.filter(({ round }) => round > 1)
  return [
    ...[...overflow].map(([heading, body]) => ({ heading, body })),
    ...(posts.length > 1 ? [{ heading: '全部帖文', body: posts.map(postLine).join('\n') }] : []),
    ...(slip.tracking.length > 1 ? [{ heading: '跟踪记录', body: trackingLines(slip) }] : []),
    ...rounds.map(({ round, openedAt, reason }) => ({
      heading: `第${round}轮回应（${paperTime(openedAt)}）`,
      body: [`原因：${reason}`, ...roundLines(slip, round)].join('\n'),
    })),
  ]
}

function postLine(entry: SlipDetail['entries'][number], at: number): string {
  const where = [entry.platform, entry.board, entry.url ?? entry.noUrlReason].filter(Boolean).join('　')
  const who = `${maskName(entry.author) ?? ''}　${postedAt(entry.publishedAt, entry.publishedPrecision)}`
  const first = answerOf(entry.replies, 1)
  const answer = first ? `\n　　${replyLine(first)}` : ''
  return `${at + 1}. ${where}\n　　${who}　${maskPersonal(entry.title ?? entry.text.slice(0, 40))}${answer}`
}

const trackingLines = (slip: SlipDetail): string =>
  slip.tracking
    .map(
      ({ at, by, views, replies, claims, judgement }) =>
        `${paperTime(at)}　${by.name}　浏览 ${views ?? '—'} 评论 ${replies ?? '—'}　${claims ? `新动向：${claims}　` : ''}研判：${judgement}`,
    )
    .join('\n')

const roundLines = (slip: SlipDetail, round: number): string[] => [
  ...slip.texts
    .filter(text => text.round === round && text.approval)
    .map(
      text =>
        `${TEXT_PURPOSES[text.purpose]}：${maskPersonal(text.body)}\n审核：${text.approval?.opinion ?? ''}　${text.approval?.by.name ?? ''}${text.approval?.forName ? `（代 ${text.approval.forName}）` : ''}　${paperTime(text.approval?.at ?? null)}`,
    ),
  ...slip.entries.flatMap(({ replies }) => {
    const answer = answerOf(replies, round)
    return answer ? [`回复：${replyLine(answer)}`] : []
  }),
]
