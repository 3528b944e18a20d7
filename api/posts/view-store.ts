import type { Analysis, Precision } from '../../pipeline/post.ts'
import type { Db } from '../db/open.ts'
import { maskName, maskPersonal } from '../mask.ts'
import type { DismissReason } from '../vocabulary.ts'
import type { FlagView, PostItem } from './routes.ts'
import { EXCERPT_LENGTH, type Mark, markWords } from './rules.ts'

export function itemQuery(db: Db) {
  return db
    .selectFrom('post as p')
    .innerJoin('source as s', 's.id', 'p.source_id')
    .leftJoin('analysis as a', 'a.post_id', 'p.id')
    .leftJoin('flag as f', 'f.post_id', 'p.id')
    .leftJoin('unit as u', 'u.id', 'f.unit_id')
    .leftJoin('person as who', 'who.id', 'f.decided_by')
    .leftJoin('slip', 'slip.id', 'f.slip_id')
    .select([
      'p.id',
      'p.source_id',
      's.name as source_name',
      'p.key',
      'p.board',
      'p.kind',
      'p.title',
      'p.author_name',
      'p.author_id',
      'p.text',
      'p.url',
      'p.published_at',
      'p.published_precision',
      'p.published_raw',
      'p.last_seen_at',
      'p.gone_at',
      'p.backfilled',
      'p.first_seen_at',
      'p.views',
      'p.replies',
      'p.state',
      'p.quote',
      'p.images',
      'p.attachments',
      'p.poll',
      'p.parent_key',
      'a.post_id as analysed',
      'a.score',
      'a.concern',
      'a.topics',
      'a.event_class',
      'a.copy_of',
      'a.severity_hint',
      'a.reasons',
      'f.seq',
      'f.flagged_at',
      'f.state as flag_state',
      'f.reason as dismiss_reason',
      'f.note',
      'f.decided_at',
      'f.slip_id',
      'f.version as flag_version',
      'f.unit_id',
      'u.name as unit_name',
      'who.name as decided_by_name',
      'slip.number as slip_number',
    ])
    .select(eb =>
      eb
        .selectFrom('analysis as c')
        .select(sub => sub.fn.countAll<number>().as('n'))
        // Of a copy: its original and the others, so as many as the original has.
        .where('c.copy_of', '=', sub => sub.fn.coalesce('a.copy_of', 'p.id'))
        .as('copies'),
    )
}

type Row = Awaited<ReturnType<ReturnType<typeof itemQuery>['execute']>>[number]

function flagView(row: Row): FlagView | null {
  if (row.seq === null || row.flagged_at === null || row.flag_state === null) return null
  const reasons = JSON.parse(row.reasons ?? '[]') as Analysis['reasons']
  const strongest = reasons.filter(({ points }) => points > 0).sort((a, b) => b.points - a.points)
  return {
    seq: row.seq,
    flaggedAt: row.flagged_at,
    state: row.flag_state,
    reason: row.dismiss_reason as DismissReason | null,
    note: row.note,
    decidedBy: row.flag_state === 'open' ? null : row.decided_by_name,
    decidedAt: row.flag_state === 'open' ? null : row.decided_at,
    slipId: row.slip_id,
    slipNumber: row.slip_number,
    version: row.flag_version ?? 1,
    score: row.score ?? 0,
    concern: row.concern as FlagView['concern'],
    topics: JSON.parse(row.topics ?? '[]') as string[],
    eventClass: row.event_class as FlagView['eventClass'],
    severityHint: row.severity_hint as FlagView['severityHint'],
    unit: row.unit_id === null ? null : { id: row.unit_id, name: row.unit_name ?? '' },
    why: strongest.slice(0, 2).map(({ message }) => maskPersonal(message)),
    copies: Number(row.copies ?? 0),
  }
}

/** Spans of the reasons inside title and excerpt, for a list without a search; none where nothing was flagged. */
function reasonMarks(row: Row): Mark[] {
  if (row.seq === null) return []
  const spans = (JSON.parse(row.reasons ?? '[]') as Analysis['reasons']).flatMap(reason =>
    reason.points > 0 ? reason.spans : [],
  )
  return spans
    .map(({ field, start, end }) => ({ field: field === 'text' ? ('excerpt' as const) : field, start, end }))
    .filter(({ field, end }) => field === 'title' || end <= EXCERPT_LENGTH)
}

export function toItem(row: Row, searchText: string): PostItem {
  const title = row.title === null ? null : maskPersonal(row.title)
  // Masked before it is cut: half a phone number would not be known for one.
  const excerpt = maskPersonal(row.text.slice(0, EXCERPT_LENGTH + 40)).slice(0, EXCERPT_LENGTH)
  return {
    id: row.id,
    source: { id: row.source_id, name: row.source_name },
    key: row.key,
    board: row.board,
    kind: row.kind,
    title,
    author: maskName(row.author_name),
    excerpt,
    url: row.url,
    publishedAt: row.published_at,
    publishedPrecision: row.published_precision as Precision,
    seenAt: row.last_seen_at,
    goneAt: row.gone_at,
    backfilled: row.backfilled === 1,
    views: row.views,
    replies: row.replies,
    state: row.state,
    analysed: row.analysed !== null,
    copyOf: row.copy_of,
    copies: Number(row.copies ?? 0),
    flag: flagView(row),
    marks: searchText.trim() ? markWords(searchText, title, excerpt) : reasonMarks(row),
  }
}

/** In the order of `ids`; unknown ones are left out. */
export async function postItems(db: Db, ids: readonly number[], searchText = ''): Promise<PostItem[]> {
  if (!ids.length) return []
  const rows = await itemQuery(db).where('p.id', 'in', ids).execute()
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = byId.get(id)
    return row ? [toItem(row, searchText)] : []
  })
}

/** What these posts tick of the checklist for 研判. */
export async function severityGrounds(
  db: Db,
  postIds: readonly number[],
): Promise<Analysis['severityGrounds']> {
  if (!postIds.length) return []
  const rows = await db
    .selectFrom('analysis')
    .select('severity_grounds')
    .where('post_id', 'in', postIds)
    .orderBy('post_id')
    .execute()
  return rows.flatMap(row => JSON.parse(row.severity_grounds) as Analysis['severityGrounds'])
}
