/**
 * What has to be kept for each case, derived from where the case stands, so that no act has to remember it: files of
 * its posts become the slip's own, and pictures are asked for when it is made, before and after the reply, on a change.
 */
import type { Context } from '../context.ts'
import type { Db, Trx } from '../db/open.ts'
import { type NewCapture, requestCapture } from '../evidence/requests.ts'
import { claimThreadEvidence } from '../evidence/store.ts'
import { postForSlip } from '../posts/store.ts'
import { activeEntries, type EntryRow, loadSlip, type WholeSlip } from './store.ts'

const FLAGS_AT_ONCE = 50

/** What a slip looked like when it was last gone through, by context: only what moved is gone through again. */
const seen = new WeakMap<Context, Map<number, string>>()

export async function followEvidence(context: Context): Promise<void> {
  const { db, now } = context
  await requestFlagCaptures(context)
  const marks = seen.get(context) ?? new Map<number, string>()
  seen.set(context, marks)
  for (const [id, mark] of await openMarks(db)) {
    if (marks.get(id) === mark) continue
    await db.transaction().execute(async trx => {
      const whole = await loadSlip(trx, id)
      for (const entry of activeEntries(whole)) {
        if (entry.source_id && entry.thread_key)
          await claimThreadEvidence(
            trx,
            id,
            { sourceId: entry.source_id, threadKey: entry.thread_key },
            now(),
          )
        for (const capture of await capturesOf(trx, whole, entry, now())) await requestCapture(trx, capture)
      }
    })
    marks.set(id, mark)
  }
}

/** Version of every open slip with what its posts last looked like. */
async function openMarks(db: Db): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('slip as s')
    .innerJoin('slip_post as e', 'e.slip_id', 's.id')
    .leftJoin('post as p', join =>
      join
        .onRef('p.source_id', '=', 'e.source_id')
        .on(on =>
          on.or([on('p.key', '=', on.ref('e.thread_key')), on('p.parent_key', '=', on.ref('e.thread_key'))]),
        ),
    )
    .select(['s.id', 's.version'])
    .select(eb => [eb.fn.sum<number>('p.revision').as('revisions'), eb.fn.max('p.gone_at').as('gone')])
    .where('s.status', 'not in', ['archived', 'void'])
    .groupBy(['s.id', 's.version'])
    .execute()
  return new Map(rows.map(row => [row.id, `${row.version} ${row.revisions ?? ''} ${row.gone ?? ''}`]))
}

/** The moments of a case at which its page is to be seen as it then was. */
async function capturesOf(trx: Trx, whole: WholeSlip, entry: EntryRow, at: number): Promise<NewCapture[]> {
  const { slip, texts, replies } = whole
  const { url } = entry
  const wanted: NewCapture[] = []
  const base = { postId: null, slipId: slip.id, replyId: null, at }
  const post = entry.post_id === null ? null : await postForSlip(trx, entry.post_id)
  // Only pages that we read ourselves are asked for again.
  if (post && url) {
    wanted.push({ ...base, key: `slip:${slip.id}:${entry.id}`, reason: 'slip', url })
    const text = texts.find(({ id }) => id === slip.review_text_id)
    if (slip.status === 'replying' && text?.approved_at)
      wanted.push({ ...base, key: `approved:${text.id}:${entry.id}`, reason: 'approved', url })
    if (post.revision > 1 || post.state !== 'visible')
      wanted.push({
        ...base,
        key: `change:${slip.id}:${entry.id}:${post.state === 'visible' ? post.revision : post.state}`,
        reason: 'change',
        url,
      })
  }
  for (const reply of replies) {
    if (reply.entry_id !== entry.id || !reply.url) continue
    const page = { ...base, url: reply.url, replyId: reply.id }
    if (['verified', 'different'].includes(reply.verify))
      wanted.push({ ...page, key: `reply:${reply.id}`, reason: 'reply' })
    if (reply.page_gone_at !== null)
      wanted.push({ ...page, key: `gone:${reply.id}:${reply.page_gone_at}`, reason: 'change' })
  }
  return wanted
}

async function requestFlagCaptures({ db, now }: Context): Promise<void> {
  const rows = await db
    .selectFrom('flag as f')
    .innerJoin('post as p', 'p.id', 'f.post_id')
    .innerJoin('source as s', 's.id', 'p.source_id')
    .select(['p.id', 'p.url'])
    .where('f.state', '=', 'open')
    .where('s.engine', '!=', 'manual')
    .where(eb =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('capture_request as c')
            .select('c.id')
            .whereRef('c.post_id', '=', 'p.id')
            .where('c.reason', '=', 'flag'),
        ),
      ),
    )
    .orderBy('f.seq', 'desc')
    .limit(FLAGS_AT_ONCE)
    .execute()
  for (const { id, url } of rows)
    await db.transaction().execute(trx =>
      requestCapture(trx, {
        key: `flag:${id}`,
        reason: 'flag',
        url,
        postId: id,
        slipId: null,
        replyId: null,
        at: now(),
      }),
    )
}
