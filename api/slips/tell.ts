/** Tells those whom a slip now waits for (待我办理), in the transaction of the act that handed it to them. */
import type { Trx } from '../db/open.ts'
import { shanghaiDay } from '../deadline.ts'
import { notify } from '../notices/store.ts'
import { type Directory, loadDirectory } from '../people/directory.ts'
import { SLIP_ACTIONS, type SlipAction, type VerifyState } from '../vocabulary.ts'
import { waitingFor } from './rules.ts'
import { factsOf, type WholeSlip } from './store.ts'

const office = (people: Directory): number[] => [
  ...people.withRole('office'),
  ...people.withRole('office_head'),
]

/** 专员 of a unit, its head where there is none. */
function handlers(people: Directory, unitId: number): number[] {
  const officers = people.officers(unitId)
  return officers.length ? officers : people.heads(unitId)
}

/** Whom the present state asks. */
function asked(people: Directory, whole: WholeSlip): number[] {
  const { status, level, leadUnitId, unitId, pendingMajor, reviewText } = factsOf(whole)
  const lead = leadUnitId ?? unitId
  const authors = [
    ...(reviewText?.authorIds ?? []),
    ...whole.texts.slice(-1).map(({ author_id }) => author_id),
  ]
  switch (status) {
    case 'draft':
      return [whole.slip.created_by, ...handlers(people, unitId)]
    case 'judging':
      return pendingMajor ? people.withRole('office_head') : office(people)
    case 'drafting':
      return level === 'major' ? office(people) : [...handlers(people, lead), ...authors]
    case 'reviewing':
      return level === 'general' ? people.leaders(lead) : people.withRole('chief')
    case 'replying':
      return level === 'general' ? [...handlers(people, lead), ...authors] : office(people)
    case 'reporting':
    case 'filing':
      return office(people)
    case 'tracking':
    case 'finished':
      return handlers(people, lead)
    case 'archived':
    case 'void':
      return []
  }
}

/** Acts that ask somebody without a change of state. */
function askedBy(action: SlipAction, people: Directory, whole: WholeSlip): number[] {
  const lead = whole.slip.lead_unit_id ?? whole.slip.unit_id
  const extension = whole.extensions.at(-1)
  switch (action) {
    case 'requestExtension':
      return whole.slip.level === 'general' && extension?.beyond_seven === 0
        ? people.leaders(lead)
        : people.withRole('chief')
    case 'grantExtension':
    case 'refuseExtension':
      return extension ? [extension.requested_by] : []
    case 'requestTransfer':
      return office(people)
    case 'judge':
      return whole.slip.pending_judgement ? people.withRole('office_head') : []
    case 'reassign':
      return handlers(people, lead)
    case 'instruct':
      return [...handlers(people, lead), ...people.heads(lead), ...office(people)]
    default:
      return []
  }
}

export async function tellNext(
  trx: Trx,
  before: WholeSlip,
  after: WholeSlip,
  act: { action: SlipAction; actorId: number; now: number },
): Promise<void> {
  const people = await loadDirectory(trx, shanghaiDay(act.now))
  const moved = after.slip.status !== before.slip.status
  const ids = [...(moved ? asked(people, after) : []), ...askedBy(act.action, people, after)]
  const others = people.withStandIns(ids).filter(id => id !== act.actorId)
  if (!others.length) return
  const { slip } = after
  await notify(trx, {
    key: `slip:${slip.id}:v${slip.version}`,
    topic: 'task',
    title: `${slip.number ?? '处理单'} ${moved ? waitingFor(factsOf(after)) : SLIP_ACTIONS[act.action]}`,
    body: `「${slip.title}」${SLIP_ACTIONS[act.action]}。`,
    link: `/slips/${slip.id}`,
    urgent: slip.level === 'major',
    personIds: others,
    slipId: slip.id,
    at: act.now,
  })
}

/** What of a reply's page somebody must look into. */
const REPLY_NEWS: Partial<Record<VerifyState, string>> = {
  different: '页面上的回复与审核同意的文稿有出入',
  notFound: '多次回看没有找到回复，待核验',
  gone: '回复在页面上已看不到',
}

/** Those who answered and 办公室 hear of a reply that is missing, gone or reads otherwise. */
export async function tellReply(
  trx: Trx,
  whole: WholeSlip,
  { replyId, state, at }: { replyId: number; state: VerifyState; at: number },
): Promise<void> {
  const news = REPLY_NEWS[state]
  if (!news) return
  const { slip } = whole
  const people = await loadDirectory(trx, shanghaiDay(at))
  const recordedBy = whole.replies.flatMap(({ id, recorded_by }) => (id === replyId ? recorded_by : []))
  const ids = [...recordedBy, ...handlers(people, slip.lead_unit_id ?? slip.unit_id), ...office(people)]
  await notify(trx, {
    key: `slip:${slip.id}:reply:${replyId}:${state}:${at}`,
    topic: 'reply',
    title: `${slip.number ?? '处理单'} ${news}`,
    body: `「${slip.title}」请打开回复网址核对，必要时再次回应。`,
    link: `/slips/${slip.id}`,
    urgent: slip.level === 'major',
    personIds: people.withStandIns(ids),
    slipId: slip.id,
    at,
  })
}
