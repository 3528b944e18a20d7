/** What a case begun before entries carried rows was told by their words: texts, replies, reports, judgement. */
import { approvalHash } from '../approval.ts'
import type { TextRow, WholeSlip } from './store.ts'
import type { Entry } from './verify.ts'

export function namedProblems(whole: WholeSlip, entries: readonly Entry[]): string[] {
  const of = (...actions: string[]) => entries.filter(({ action }) => actions.includes(action))
  const found: string[] = []
  /** Every field that the entry names must be as the row has it; what was left out then is null or its default now. */
  const compare = (what: string, row: Record<string, unknown>, told: Record<string, unknown>) => {
    for (const [field, value] of Object.entries(row))
      if (told[field] !== undefined && told[field] !== value)
        found.push(`${what}的「${field}」与审计记录不符。`)
  }
  for (const text of whole.texts) {
    const what = `第 ${text.round} 轮 ${text.purpose} 第 ${text.number} 稿`
    const told = of('saveText').find(({ detail }) => detail.textId === text.id)
    if (hashOf(text) !== text.hash || told?.detail.hash !== text.hash)
      found.push(`${what}的内容与审计记录不符。`)
    const approval = of('approve').findLast(({ detail }) => detail.textId === text.id)
    if ((text.approved_at !== null) !== (approval !== undefined)) found.push(`${what}的审核与审计记录不符。`)
    if (approval) compare(what, { opinion: text.opinion }, approval.detail)
  }
  for (const reply of whole.replies) {
    const told = of('recordReply', 'recordNoReply').find(({ detail }) => detail.replyId === reply.id)
    const body = whole.texts.find(({ id }) => id === reply.text_id)?.body
    if (!told || reply.text !== body) found.push(`回复 ${reply.id} 与审计记录不符。`)
    const { entry_id: entryId, account_id: accountId, mode, url, no_reply_reason: noReplyReason } = reply
    if (told) compare(`回复 ${reply.id}`, { entryId, accountId, mode, url, noReplyReason }, told.detail)
  }
  for (const report of whole.reports) {
    const told = of('recordReport').find(({ detail }) => detail.reportId === report.id)
    if (!told) found.push(`上报 ${report.id} 没有审计记录。`)
    const { receiver, kind, way, handler, note, sent_at: sentAt } = report
    if (told) compare(`上报 ${report.id}`, { receiver, kind, way, handler, note, sentAt }, told.detail)
  }
  const inOrder = (what: string, rows: Record<string, unknown>[], action: string) => {
    const told = of(action)
    if (told.length !== rows.length) found.push(`${what}有 ${rows.length} 条，审计记录有 ${told.length} 条。`)
    rows.forEach((row, at) => {
      compare(`${what}第 ${at + 1} 条`, row, told[at]?.detail ?? {})
    })
  }
  inOrder(
    '跟踪',
    whole.tracking.map(({ claims, judgement, views, replies }) => ({ claims, judgement, views, replies })),
    'addTracking',
  )
  inOrder(
    '延期申请',
    whole.extensions.map(({ reason, until_day: untilDay }) => ({ reason, untilDay })),
    'requestExtension',
  )
  inOrder('批示', bodies(whole, 'instruction'), 'instruct')
  const last = (...actions: string[]) => of(...actions).findLast(({ detail }) => detail.result !== '')
  compare('落实情况', { result: whole.slip.result }, last('setResult', 'finish')?.detail ?? {})
  compare('作废', { reason: whole.slip.void_reason }, last('void')?.detail ?? {})
  compare('存档', { archiveNumber: whole.slip.archive_number }, last('archive')?.detail ?? {})
  compare('研判', { level: whole.slip.level, ground: whole.slip.ground }, judgement(entries))
  return found
}

const bodies = ({ notes }: WholeSlip, kind: string) =>
  notes.filter(note => note.kind === kind).map(({ body }) => ({ body }))

const hashOf = (text: TextRow): string =>
  approvalHash({
    purpose: text.purpose,
    body: text.body,
    mode: text.mode,
    privateReason: text.private_reason,
    reason: text.reason,
  })

/** Level and ground in force: a judgement that waits for 办公室主任 holds once he agrees. */
function judgement(entries: readonly Entry[]): Record<string, unknown> {
  let [held, pending]: Record<string, unknown>[] = [{}, {}]
  for (const { action, detail } of entries) {
    if (action === 'judge' && detail.pending) pending = detail
    else if (action === 'judge' || action === 'changeLevel') held = detail
    else if (action === 'confirmJudgement' && detail.agree) held = pending
  }
  const { level, ground } = held as Record<string, unknown>
  return { level, ground }
}
