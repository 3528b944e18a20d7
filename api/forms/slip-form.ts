/**
 * 附件1 《常州市应急管理舆情信息报告处理单》 as it is printed (requirements.md §3.1): every field a text, what does not
 * apply to the level "/", what is not filled in yet empty, so that it can be signed by hand. Pure.
 */
import { maskName, maskPersonal } from '../mask.ts'
import { type Cell, fitInto } from '../print/fit.ts'
import { paperDate, paperDeadline, paperTime } from '../print/format.ts'
import type { SlipDetail, TextView } from '../slips/routes.ts'
import {
  EXTENSION_STATES,
  FOUND_HOWS,
  LEVELS,
  MEDIA_LEVELS,
  PRIVATE_REASONS,
  REPLY_MODES,
  TEXT_PURPOSES,
} from '../vocabulary.ts'
import { answerOf, postedAt, replyLine } from './lines.ts'
import { appendixOf, type Section } from './slip-appendix.ts'

const NONE = '/'
/** Room for a signature by hand. */
const UNSIGNED = '签名：　　　　　　　年　月　日'

/** Cells of the shipped template: 小五号 beside a label of 26 mm. */
export const CELLS = {
  half: { lines: 2, width: 15 },
  line: { lines: 2, width: 38 },
  content: { lines: 5, width: 38 },
  ground: { lines: 2, width: 36 },
  draft: { lines: 5, width: 38 },
  opinion: { lines: 1, width: 38 },
  pair: { lines: 2, width: 38 },
  tracking: { lines: 3, width: 38 },
} as const satisfies Record<string, Cell>

export interface SlipForm {
  number: string
  filledAt: string
  /** 已作废 with the reason; empty otherwise. */
  voidMark: string
  unit: string
  filler: string
  platform: string
  poster: string
  publishedAt: string
  foundAt: string
  headline: string
  url: string
  content: string
  spread: string
  levels: string
  ground: string
  leadUnit: string
  due: string
  judgedBy: string
  modes: string
  draft: string
  drafter: string
  leaderOpinion: string
  leaderSign: string
  chiefOpinion: string
  chiefSign: string
  reports: string
  reply: string
  extension: string
  tracking: string
  finished: string
  archived: string
  hasAppendix: boolean
  appendix: Section[]
  hasHistory: boolean
  history: { at: string; by: string; label: string; note: string }[]
}

export interface FormOptions {
  /** With the record of every act behind the form. */
  history: boolean
  /** Working days from 发现 to the answer; null while there is none. */
  workingDaysUsed: number | null
}

const tick = (on: boolean, label: string) => `${on ? '☑' : '□'}${label}`
const ticks = <T extends string>(labels: Record<T, string>, chosen: string | null) =>
  (Object.keys(labels) as T[]).map(key => tick(key === chosen, labels[key])).join('　')
const signed = (by: string, forName: string | null, at: number) =>
  `签名：${by}${forName ? `（代 ${forName}）` : ''}　${paperTime(at)}（电子签批）`

/** The text that stands on the form: of round 1, under review or approved last. */
function mainText(slip: SlipDetail): TextView | null {
  const own = slip.texts.filter(text => text.round === 1 && text.purpose !== 'initial')
  return own.findLast(text => text.approval) ?? own.at(-1) ?? null
}

const opinionOf = (text: TextView | null) => ({
  opinion: text?.approval?.opinion ?? '',
  sign: text?.approval ? signed(text.approval.by.name, text.approval.forName, text.approval.at) : UNSIGNED,
})

function levelOpinions(slip: SlipDetail, text: TextView | null) {
  const { opinion, sign } = opinionOf(text)
  const filled = { opinion, sign }
  const slash = { opinion: NONE, sign: '' }
  if (slip.level === null) return { leader: filled, chief: filled }
  return slip.level === 'general' ? { leader: filled, chief: slash } : { leader: slash, chief: filled }
}

function extensionLine(slip: SlipDetail): string {
  const last = slip.extensions.at(-1)
  if (!last) return NONE
  const first = slip.entries.length
    ? slip.texts.findLast(text => text.purpose === 'initial' && text.approval)
    : undefined
  const state = EXTENSION_STATES[last.state]
  const decided =
    last.decidedBy && last.decidedAt !== null ? `${last.decidedBy.name} ${paperTime(last.decidedAt)}` : ''
  return [
    `申请延至 ${paperDate(Date.parse(`${last.untilDay}T00:00:00+08:00`))}：${last.reason}`,
    ...(first?.approval ? [`初步回应 ${paperTime(first.approval.at)} 审核`] : []),
    `${state} ${decided}`,
  ].join('；')
}

function reportsLine(slip: SlipDetail): string {
  if (slip.level !== 'major') return NONE
  const of = (receiver: string, label: string) => {
    const sent = slip.reports.find(report => report.kind === 'first' && report.receiver === receiver)
    if (!sent) return `${label}：`
    return `${label}：${paperTime(sent.sentAt)} ${sent.way} ${sent.handler}${sent.receipt ? ` 回执 ${sent.receipt}` : ''}`
  }
  return `${of('province', '省应急管理厅')}\n${of('propaganda', '市委宣传部')}`
}

function spreadOf(slip: SlipDetail): string {
  const last = slip.tracking.at(-1)
  const numbers = last
    ? `浏览 ${last.views ?? '—'}　评论 ${last.replies ?? '—'}　（截至 ${paperTime(last.at)}）`
    : '浏览 —　评论 —'
  return `${numbers}　媒体介入：${MEDIA_LEVELS[slip.mediaLevel]}`
}

function finishedLine(slip: SlipDetail, used: number | null): string {
  if (slip.finishedAt === null) return ''
  const first = slip.clocks.find(({ round }) => round === 1)
  const verdict = first?.onTime === true ? '按时' : first?.onTime === false ? '超时' : NONE
  return `${paperDate(slip.finishedAt)}　${verdict}${used === null ? '' : `　用时 ${used} 个工作日`}`
}

function archivedLine(slip: SlipDetail): string {
  const by = slip.history.findLast(({ action }) => action === 'archive')?.by ?? ''
  return slip.archiveNumber ? `${slip.archiveNumber}　${by}　${paperDate(slip.archivedAt)}` : ''
}

const dueLine = (slip: SlipDetail): string => {
  const first = slip.clocks.find(({ round }) => round === 1)
  if (!first) return ''
  return paperDeadline(first.dueAt) + (first.provisional ? '（暂定，待放假通知）' : '')
}

/** requirements.md §3.1.1 and §3.1.2; personal data masked for circulation (S-38). */
export function slipForm(slip: SlipDetail, options: FormOptions): SlipForm {
  const [post] = slip.entries.filter(entry => entry.detachedAt === null)
  const text = mainText(slip)
  const opinions = levelOpinions(slip, text)
  const full = new Map<string, string>()
  /** The cell's share of a text; what does not fit is kept for 附页 under its label. */
  const cell = (label: string, value: string, size: Cell): string => {
    const { shown, more } = fitInto(value, size)
    if (more) full.set(label, value)
    return shown
  }
  const reply = slip.entries.flatMap(({ replies }) => answerOf(replies, 1) ?? [])
  const others = slip.entries.filter(entry => entry.detachedAt === null).length - 1
  const form = {
    number: slip.number ?? '',
    filledAt: paperTime(slip.submittedAt ?? slip.createdAt),
    voidMark: slip.status === 'void' ? `【已作废】${slip.voidReason ?? ''}` : '',
    unit: cell('填报处室（单位）', slip.unit.name, CELLS.half),
    filler: cell('填报人', `${slip.createdBy.name}${slip.phone ? ` ${slip.phone}` : ''}`, CELLS.half),
    platform: cell(
      '来源平台、版块',
      `${post?.platform ?? ''}${post?.board ? ` / ${post.board}` : ''}`,
      CELLS.half,
    ),
    poster: cell('发帖人', maskName(post?.author ?? null) ?? '', CELLS.half),
    publishedAt: post ? postedAt(post.publishedAt, post.publishedPrecision) : '',
    foundAt: `${paperTime(slip.foundAt)} ${FOUND_HOWS[slip.foundHow]}`,
    headline: cell('标题', maskPersonal(slip.title), CELLS.line),
    url: cell(
      '网址',
      `${post?.url ?? post?.noUrlReason ?? ''}${others > 0 ? `（另有 ${others} 帖，见附页）` : ''}`,
      CELLS.line,
    ),
    content: cell('主要内容', maskPersonal(slip.summary), CELLS.content),
    spread: spreadOf(slip),
    levels: ticks(LEVELS, slip.level),
    ground: cell('研判依据', slip.ground ?? '', CELLS.ground),
    leadUnit: [slip.leadUnit?.name ?? '', ...slip.coUnits.map(unit => `协办 ${unit.name}`)].join('　'),
    due: dueLine(slip),
    judgedBy: slip.judgedBy && slip.judgedAt !== null ? signed(slip.judgedBy.name, null, slip.judgedAt) : '',
    modes: modesLine(text),
    draft: cell(
      text ? TEXT_PURPOSES[text.purpose] : '拟回复内容',
      maskPersonal(text?.body ?? ''),
      CELLS.draft,
    ),
    drafter: text ? `${text.author.name}　${paperTime(text.savedAt)}` : '',
    leaderOpinion: cell('分管领导意见', opinions.leader.opinion, CELLS.opinion),
    leaderSign: opinions.leader.sign,
    chiefOpinion: cell('主要领导意见', opinions.chief.opinion, CELLS.opinion),
    chiefSign: opinions.chief.sign,
    reports: cell('上报情况', reportsLine(slip), CELLS.pair),
    reply: cell('回复情况', reply.map(replyLine).join('\n'), CELLS.pair),
    extension: cell('延期及初步回应', extensionLine(slip), CELLS.pair),
    tracking: cell('跟踪与结果', trackingLine(slip), CELLS.tracking),
    finished: finishedLine(slip, options.workingDaysUsed),
    archived: archivedLine(slip),
  }
  const appendix = appendixOf(slip, full)
  const history = options.history
    ? slip.history.map(({ at, by, forName, label, detail }) => ({
        at: paperTime(at),
        by: forName ? `${by}（代 ${forName}）` : by,
        label,
        note: maskPersonal(String((detail as { reason?: unknown }).reason ?? '')),
      }))
    : []
  return {
    ...form,
    hasAppendix: appendix.length > 0,
    appendix,
    hasHistory: history.length > 0,
    history,
  }
}

function modesLine(text: TextView | null): string {
  const chosen = text ? (text.purpose === 'none' ? 'none' : text.mode) : null
  const why = text?.privateReason ? `　理由：${PRIVATE_REASONS[text.privateReason]} ${text.reason ?? ''}` : ''
  return ticks(REPLY_MODES, chosen) + why
}

function trackingLine(slip: SlipDetail): string {
  const last = slip.tracking.at(-1)
  return [
    ...(last ? [`跟踪 ${slip.tracking.length} 次，最近 ${paperDate(last.at)}：${last.judgement}`] : []),
    ...(slip.result ? [`结果：${slip.result}`] : []),
  ].join('\n')
}
