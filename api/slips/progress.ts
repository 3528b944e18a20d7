/**
 * How far a slip has come, computed from its records alone: which posts still want an answer, when its clock stopped,
 * which state follows. Acts change records and then ask here, so that every way to the same records ends alike. Pure.
 */
import type { SlipState } from '../vocabulary.ts'
import type { EntryRow, ReplyRow, WholeSlip } from './store.ts'

const RECEIVERS = 2

/** S-22: the first report to 省应急管理厅 and to 市委宣传部, both. */
export const reportsOut = ({ reports }: Pick<WholeSlip, 'reports'>): boolean =>
  new Set(reports.filter(({ kind }) => kind === 'first').map(({ receiver }) => receiver)).size === RECEIVERS

type Answers = Pick<WholeSlip, 'slip' | 'entries' | 'replies' | 'rounds'>

/** The answer of a post in a round: a reply, or the approved reason for none. */
const answerOf = ({ replies }: Answers, entry: EntryRow, round: number): ReplyRow | undefined =>
  replies.find(each => each.entry_id === entry.id && each.round === round && each.kind !== 'initial')

/** Posts that a round is about: all in the first, those named when it was opened in a further one (design §5.8). */
function entriesOf({ entries, rounds }: Answers, round: number): EntryRow[] {
  const named = rounds.find(each => each.round === round)?.entry_ids
  const ids = named ? (JSON.parse(named) as number[]) : null
  return entries.filter(entry => entry.detached_at === null && (ids === null || ids.includes(entry.id)))
}

/** design §5.7, S-25: posts without an answer in this round, or without any at all. */
export function unanswered(whole: Answers): EntryRow[] {
  const { slip, entries, replies } = whole
  const inRound = entriesOf(whole, slip.round)
  return entries.filter(
    entry =>
      entry.detached_at === null &&
      ((inRound.includes(entry) && !answerOf(whole, entry, slip.round)) ||
        !replies.some(reply => reply.entry_id === entry.id && reply.kind !== 'initial')),
  )
}

/** S-29: every post of the round has had its initial response. */
export const initiallyAnswered = (whole: Answers): boolean =>
  entriesOf(whole, whole.slip.round).every(entry =>
    whole.replies.some(
      ({ entry_id, round, kind }) =>
        entry_id === entry.id && round === whole.slip.round && kind === 'initial',
    ),
  )

/**
 * design §5.2: a round's clock stops when the last of its posts was answered, for 重大 (first round) when both reports
 * were out; epoch ms, null while something is missing. What was found after it had stopped does not start it again.
 */
export function stopInstant(whole: WholeSlip, round: number): number | null {
  if (whole.slip.level === 'major' && round === 1) {
    if (!reportsOut(whole)) return null
    return Math.max(...whole.reports.filter(({ kind }) => kind === 'first').map(({ sent_at }) => sent_at))
  }
  const times = entriesOf(whole, round)
    .filter(({ counts }) => counts === 1)
    .map(entry => answerOf(whole, entry, round)?.replied_at)
  if (!times.length || times.includes(undefined)) return null
  return Math.max(...(times as number[]))
}

/** The approval in force of a purpose in the present round. */
export const approvedText = ({ slip, texts }: Pick<WholeSlip, 'slip' | 'texts'>, purpose: string) =>
  texts.find(
    text =>
      text.round === slip.round &&
      text.purpose === purpose &&
      text.approved_at !== null &&
      text.approval_void_at === null,
  )

/** S-21, S-22: a 重大 slip has its approved opinion and both reports; what follows is the public answer (S-24). */
export const reportedUp = (whole: WholeSlip): boolean =>
  reportsOut(whole) &&
  whole.texts.some(({ purpose, approved_at }) => purpose === 'opinion' && approved_at !== null)

/** The state that the records ask for, from the present one; acts that only add records ask this afterwards. */
export function settledState(whole: WholeSlip): SlipState {
  const { slip } = whole
  const status = slip.status as SlipState
  const under = whole.texts.find(({ id }) => id === slip.review_text_id)
  if (status === 'reporting') return reportsOut(whole) ? 'drafting' : status
  if (status === 'replying' && under?.purpose === 'initial')
    return initiallyAnswered(whole) ? 'drafting' : status
  if (status === 'replying' || status === 'tracking') {
    if (slip.level === 'major' && !reportedUp(whole)) return 'drafting'
    if (!unanswered(whole).length) return 'tracking'
    const ready = under?.approved_at != null && under.approval_void_at === null
    return ready ? 'replying' : 'drafting'
  }
  return status
}
