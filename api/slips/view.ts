import { accountList } from '../accounts/store.ts'
import { readAudit } from '../audit.ts'
import type { Actor } from '../auth.ts'
import { loadCalendar } from '../calendar/store.ts'
import type { Db } from '../db/open.ts'
import { shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'
import { evidenceOfSlip } from '../evidence/store.ts'
import { type Directory, loadDirectory } from '../people/directory.ts'
import { copyCounts } from '../posts/copy-store.ts'
import { originalsOf } from '../posts/original-store.ts'
import type { OriginalView } from '../posts/routes.ts'
import { loadSettings } from '../settings/store.ts'
import type { Level } from '../vocabulary.ts'
import { missingParts } from './completeness.ts'
import { leadingGroup } from './group.ts'
import { listItem, slipNames } from './list-item.ts'
import {
  clockView,
  entryView,
  extensionView,
  historyView,
  noteView,
  replyView,
  reportView,
  roundView,
  textView,
  trackingView,
  transferView,
} from './record-views.ts'
import { maySee } from './relations.ts'
import { shadowsOf } from './reminder-points.ts'
import type { SlipDetail } from './routes.ts'
import { allowedActions } from './rules.ts'
import { activeEntries, factsOf, loadSlip, scopeFacts, slipRow, type WholeSlip } from './store.ts'
import { repeatWarnings, warningsOf } from './warnings.ts'

/** Everything of a slip as this person sees it. @throws AppError notFound. */
export async function slipDetail(db: Db, id: number, actor: Actor, now: number): Promise<SlipDetail> {
  if (!maySee(scopeFacts(await slipRow(db, id)), actor)) throw new AppError('slip.forbidden')
  const whole = await loadSlip(db, id)
  const { slip } = whole
  const facts = factsOf(whole)
  const history = await readAudit(db, 'slip', String(id))
  const names = await slipNames(db, [
    slip.created_by,
    ...(slip.judged_by === null ? [] : [slip.judged_by]),
    ...whole.texts.flatMap(text => [
      text.author_id,
      text.saved_by,
      text.approved_by ?? 0,
      text.approved_for ?? 0,
    ]),
    ...whole.extensions.flatMap(each => [each.requested_by, each.decided_by ?? 0]),
    ...whole.tracking.map(({ by_id }) => by_id),
    ...whole.transfers.map(({ by_id }) => by_id),
    ...whole.notes.flatMap(({ by_id, for_id }) => [by_id, for_id ?? 0]),
    ...history.flatMap(({ actorId, forId }) => [actorId ?? 0, forId ?? 0]),
  ])
  const evidence = await evidenceOfSlip(db, id)
  const accounts = new Map((await accountList(db)).map(account => [account.id, account.name]))
  const replies = whole.replies.map(reply => replyView(reply, accounts, evidence))
  const postStates = new Map(
    (
      await db
        .selectFrom('post')
        .select(['id', 'state'])
        .where('id', 'in', [0, ...whole.entries.flatMap(({ post_id }) => post_id ?? [])])
        .execute()
    ).map(post => [post.id, post.state]),
  )
  const copies = await copyCounts(
    db,
    whole.entries.flatMap(({ post_id }) => post_id ?? []),
  )
  const originals = await originalsElsewhere(db, whole)
  const calendar = await loadCalendar(db)
  const counting = { calendar, settings: await loadSettings(db, shanghaiDay(slip.found_at)) }
  const active = activeEntries(whole)
  const postsGone = active.length > 0 && active.every(entry => postStates.get(entry.post_id ?? 0) === 'gone')
  const people = await loadDirectory(db, shanghaiDay(now))
  const unitIds = [slip.lead_unit_id ?? slip.unit_id, ...facts.coUnitIds]
  const group = leadingGroup(people, unitIds)
  const named = (ids: readonly number[]) =>
    ids.map(personId => ({ id: personId, name: people.person(personId)?.name ?? '' }))
  const item = listItem(whole, names, now)
  return {
    ...item,
    // As it was written: whoever edits it would save the stars.
    title: slip.title,
    createdBy: names.person(slip.created_by),
    createdAt: slip.created_at,
    submittedAt: slip.submitted_at,
    foundHow: slip.found_how as SlipDetail['foundHow'],
    phone: slip.phone,
    topic: slip.topic,
    summary: slip.summary,
    demand: slip.demand,
    area: slip.area,
    mediaLevel: slip.media_level as SlipDetail['mediaLevel'],
    proposedLevel: slip.proposed_level as Level | null,
    ground: slip.ground,
    judgedBy: slip.judged_by === null ? null : names.person(slip.judged_by),
    judgedAt: slip.judged_at,
    pendingMajor: facts.pendingMajor,
    coUnits: (JSON.parse(slip.co_units) as number[]).map(names.unit),
    reviewer: named(reviewersOf(people, facts))[0] ?? null,
    group: { head: named(group.head), deputies: named(group.deputies), members: named(group.members) },
    order: slip.order_text,
    serious: slip.serious === 1,
    shadow:
      slip.level === 'major' && slip.judged_at !== null
        ? shadowsOf(counting, {
            foundAt: slip.found_at,
            judgedAt: slip.judged_at,
            serious: slip.serious === 1,
          })
        : null,
    round: slip.round,
    entries: whole.entries.map(entry =>
      entryView(entry, { replies, evidence, postStates, copies, originals, round: slip.round }),
    ),
    texts: whole.texts.map(text => textView(text, names)),
    clocks: whole.clocks.map(clock => clockView(clock, whole, calendar, now)),
    extensions: whole.extensions.map(each => extensionView(each, names)),
    tracking: whole.tracking.map(each => trackingView(each, names)),
    reports: whole.reports.map(reportView),
    rounds: whole.rounds.map(roundView),
    transfers: whole.transfers.map(each => transferView(each, names)),
    notes: whole.notes.map(note => noteView(note, names)),
    result: slip.result,
    finishedAt: slip.finished_at,
    handedOverAt: slip.handed_over_at,
    archivedAt: slip.archived_at,
    archiveNumber: slip.archive_number,
    voidReason: slip.void_reason,
    missing: ['finished', 'filing'].includes(slip.status) ? missingParts(whole, evidence) : [],
    warnings: [
      ...warningsOf(whole, counting, { evidence, postsGone }, now),
      ...repeatWarnings(whole, originals),
      ...(slip.lead_unit_id !== null && !people.officers(slip.lead_unit_id).length
        ? ['主办处室没有在岗专员，由处室负责人办理'] // S-3
        : []),
    ],
    allowed: allowedActions(facts, actor),
    history: history.map(entry => historyView(entry, names)),
  }
}

/** Of the slip's posts that are copies: what they are copies of, and where else that is handled. */
async function originalsElsewhere(db: Db, whole: WholeSlip): Promise<Map<number, OriginalView>> {
  const found = await originalsOf(
    db,
    whole.entries.flatMap(({ post_id }) => post_id ?? []),
  )
  return new Map(
    [...found].map(([postId, original]) => [
      postId,
      { ...original, slips: original.slips.filter(({ id }) => id !== whole.slip.id) },
    ]),
  )
}

/** Whom the level asks for (S-12, S-17). */
function reviewersOf(people: Directory, facts: ReturnType<typeof factsOf>): number[] {
  if (facts.level === null || facts.leadUnitId === null) return []
  return facts.level === 'general' ? people.leaders(facts.leadUnitId) : people.withRole('chief')
}
