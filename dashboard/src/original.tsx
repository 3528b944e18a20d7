import { Link } from 'react-router'
import type { OriginalView } from '../../api/posts/routes.ts'
import { COPY_KINDS, DISMISS_REASONS, POST_STATES, SLIP_STATES } from '../../api/vocabulary.ts'
import { dateTime, published } from './format.ts'

/** What a copy repeats: where it stood first, when it was seen, and what was decided about it (S-9). */
export function Original({ original }: { original: OriginalView }) {
  const { source, board, state, publishedAt, publishedPrecision, firstSeenAt, dismissed } = original
  return (
    <div className="inset original">
      {COPY_KINDS[original.kind]}：<Link to={`/posts?post=${original.id}`}>{original.title}</Link>
      <div className="post-meta">
        <span>{source}</span>
        {board && <span>{board}</span>}
        <span>发布 {published(publishedAt, publishedPrecision)}</span>
        <span>首见 {dateTime(firstSeenAt)}</span>
        <a href={original.url} target="_blank" rel="noreferrer noopener">
          打开该帖
        </a>
        {state !== 'visible' && <span className="pill red">{POST_STATES[state]}</span>}
        {original.slips.map(slip => (
          <Link key={slip.id} to={`/slips/${slip.id}`} className="pill amber">
            已在处理单 {slip.number} {SLIP_STATES[slip.status]}
          </Link>
        ))}
        {dismissed && (
          <span className="pill amber">
            已不予处理：{DISMISS_REASONS[dismissed.reason]}（{dismissed.by} {dateTime(dismissed.at)}）
          </span>
        )}
      </div>
    </div>
  )
}
