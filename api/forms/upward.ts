/**
 * 上报材料 of a 重大 slip (S-22): the report to each superior, first, follow-up and final, and the register of what
 * was sent with its receipts. Every sentence is a field of the slip; what is not known stays out. Pure.
 */
import { maskPersonal } from '../mask.ts'
import { paperDate, paperDeadline, paperTime } from '../print/format.ts'
import type { Block, Paper } from '../print/paper.ts'
import type { SlipDetail } from '../slips/routes.ts'
import { FOUND_HOWS, MEDIA_LEVELS, REPORT_KINDS, REPORT_RECEIVERS } from '../vocabulary.ts'
import { postedAt, replyLine } from './lines.ts'

type Report = Pick<SlipDetail['reports'][number], 'receiver' | 'kind'>

const NAMES = ['一', '二', '三', '四', '五']
const text = (words: string): Block => ({ kind: 'text', parts: [words] })
/** Paragraphs of a text that people wrote. */
const written = (words: string): Block[] =>
  maskPersonal(words)
    .split('\n')
    .filter(line => line.trim())
    .map(line => text(line.trim()))

/** The paper that goes to one superior. `madeAt`: epoch ms. */
export function upwardReport(slip: SlipDetail, { receiver, kind }: Report, madeAt: number): Paper {
  const since = lastSent(slip, { receiver, kind })
  const parts: [string, Block[]][] = [
    ['基本情况', basics(slip)],
    ['传播情况', [text(spreadOf(slip))]],
    ['研判和处理意见', opinionOf(slip)],
    ...(kind === 'first' ? [] : [['进展情况', progressOf(slip, since)] as [string, Block[]]]),
    ...(kind === 'final' ? [['办理结果', written(slip.result ?? '')] as [string, Block[]]] : []),
  ]
  return {
    title: '重大网络舆情信息报告',
    byline: `${REPORT_KINDS[kind]}　${slip.number ?? ''}　${paperDate(madeAt)}`,
    blocks: [
      { kind: 'salutation', text: `${REPORT_RECEIVERS[receiver]}：` },
      ...parts
        .filter(([, blocks]) => blocks.length)
        .flatMap(([name, blocks], at): Block[] => [
          { kind: 'heading', text: `${NAMES[at]}、${name}` },
          ...blocks,
        ]),
      { kind: 'signature', text: '常州市应急管理局' },
      { kind: 'signature', text: paperDate(madeAt) },
    ],
  }
}

/** All of it in one file: the register first, then each paper as it is now. */
export function upwardPackage(slip: SlipDetail, madeAt: number): Paper {
  const sent = [...slip.reports].sort((a, b) => a.sentAt - b.sentAt)
  return {
    title: '重大网络舆情上报材料',
    byline: `${slip.number ?? ''}　${paperDate(madeAt)}`,
    blocks: [
      { kind: 'heading', text: '上报登记' },
      {
        kind: 'table',
        head: ['报送单位', '种类', '时间', '方式', '经办', '回执'],
        widths: [32, 13, 48, 21, 18, 24],
        rows: sent.map(({ receiver, kind, sentAt, way, handler, receipt }) => [
          REPORT_RECEIVERS[receiver],
          REPORT_KINDS[kind],
          paperTime(sentAt),
          way,
          handler,
          receipt ?? '未收到',
        ]),
      },
      ...sent.flatMap((report): Block[] => {
        const paper = upwardReport(slip, report, report.sentAt)
        return [{ kind: 'page', title: paper.title }, { kind: 'note', text: paper.byline }, ...paper.blocks]
      }),
    ],
  }
}

/** When that superior was told last, before this one; null = never. */
function lastSent(slip: SlipDetail, { receiver, kind }: Report): number | null {
  if (kind === 'first') return null
  const times = slip.reports.filter(each => each.receiver === receiver).map(({ sentAt }) => sentAt)
  return times.length ? Math.min(...times) : null
}

const basics = (slip: SlipDetail): Block[] => [
  text(
    `${paperTime(slip.foundAt)}，我局通过${FOUND_HOWS[slip.foundHow]}发现网上舆情：${maskPersonal(slip.title)}。`,
  ),
  ...slip.entries
    .filter(({ detachedAt }) => detachedAt === null)
    .map(({ platform, board, publishedAt, publishedPrecision, url }) =>
      text(
        `${[platform, board].filter(Boolean).join('·')}，发帖时间${postedAt(publishedAt, publishedPrecision)}${url ? `，网址 ${url}` : ''}。`,
      ),
    ),
  ...written(slip.summary),
  ...(slip.demand ? [text(`网民诉求：${maskPersonal(slip.demand)}`)] : []),
]

function spreadOf(slip: SlipDetail): string {
  const posts = slip.entries.filter(({ detachedAt }) => detachedAt === null)
  const platforms = new Set(posts.map(({ platform }) => platform)).size
  const last = slip.tracking.at(-1)
  const numbers = [
    last?.views == null ? '' : `浏览 ${last.views} 次`,
    last?.replies == null ? '' : `评论 ${last.replies} 条`,
  ].filter(Boolean)
  return [
    `涉及 ${platforms} 个平台 ${posts.length} 条帖子，媒体关注：${MEDIA_LEVELS[slip.mediaLevel]}。`,
    last && numbers.length ? `截至${paperTime(last.at)}，${numbers.join('，')}。` : '',
  ].join('')
}

function opinionOf(slip: SlipDetail): Block[] {
  const opinion = slip.texts.findLast(({ purpose, approval }) => purpose === 'opinion' && approval)
  const { approval } = opinion ?? {}
  // As ordered, whether its clock still runs or not.
  const due = slip.clocks.find(({ round }) => round === 1)?.dueAt ?? null
  return [
    ...(slip.ground ? [text(`研判：${maskPersonal(slip.ground)}`)] : []),
    ...(slip.order
      ? [text(`上级要求：${maskPersonal(slip.order)}${due === null ? '' : `（时限${paperDeadline(due)}）`}`)]
      : []),
    ...(opinion ? written(opinion.body) : []),
    ...(approval
      ? [
          text(
            `以上意见经${approval.by.name}${approval.forName ? `（代${approval.forName}）` : ''}于${paperTime(approval.at)}审核同意。`,
          ),
        ]
      : []),
  ]
}

/** What was done and seen after the superior was told last. */
function progressOf(slip: SlipDetail, since: number | null): Block[] {
  const from = since ?? 0
  const tracked = slip.tracking
    .filter(({ at }) => at >= from)
    .map(({ at, claims, judgement }) => ({
      at,
      words: `${claims ? `新的诉求：${maskPersonal(claims)}。` : ''}${maskPersonal(judgement)}`,
    }))
  const replied = slip.entries
    .flatMap(({ replies }) => replies)
    .filter(({ repliedAt }) => repliedAt >= from)
    .map(reply => ({ at: reply.repliedAt, words: `已回复网民。${replyLine(reply)}` }))
  return [...tracked, ...replied]
    .sort((a, b) => a.at - b.at)
    .map(({ at, words }) => text(`${paperTime(at)}，${words}`))
}
