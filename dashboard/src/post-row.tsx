import { memo } from 'react'
import type { PostItem } from '../../api/posts/routes.ts'
import { DISMISS_REASONS, EVENT_CLASSES, POST_STATES } from '../../api/vocabulary.ts'
import { ago, published } from './format.ts'
import { Marked } from './marked.tsx'

/** One post of a list: what, where, when, and the strongest reason why it was flagged. */
export const PostRow = memo(function PostRow(props: {
  item: PostItem
  isNew?: boolean
  current: boolean
  onPick(): void
}) {
  const { item, isNew = false, current, onPick } = props
  const { flag } = item
  const marksOf = (field: 'title' | 'excerpt') => item.marks.filter(mark => mark.field === field)
  return (
    <button type="button" className="post-row" data-post={item.id} aria-current={current} onClick={onPick}>
      <span className="post-row-title">
        {isNew && <span className="dot" role="img" aria-label="新" />}
        {item.title ? (
          <Marked text={item.title} ranges={marksOf('title')} />
        ) : (
          <Marked text={item.excerpt.slice(0, 60)} ranges={marksOf('excerpt')} />
        )}
      </span>
      {item.title && (
        <span className="post-row-text">
          <Marked text={item.excerpt} ranges={marksOf('excerpt')} />
        </span>
      )}
      <span className="post-row-meta">
        {item.kind === 'reply' && <span className="pill">回帖</span>}
        {flag?.eventClass && <span className="pill blue">{EVENT_CLASSES[flag.eventClass]}</span>}
        {flag?.severityHint === 3 && <span className="pill red">可能重大</span>}
        {item.state !== 'visible' && <span className="pill red">{POST_STATES[item.state]}</span>}
        {item.backfilled && <span className="pill blue">补采</span>}
        {flag?.slipId && <span className="pill green">已做处理单</span>}
        <span>{item.source.name}</span>
        <span title={published(item.publishedAt, item.publishedPrecision)}>
          {item.publishedAt === null
            ? '时间未显示'
            : item.publishedPrecision === 'day' || item.publishedPrecision === null
              ? published(item.publishedAt, item.publishedPrecision)
              : ago(item.publishedAt, Date.now())}
        </span>
        {flag && <span>{flag.unit?.name ?? '处室待定'}</span>}
        {flag && flag.copies > 0 && <span>相同或附和 {flag.copies} 条</span>}
      </span>
      {flag?.state === 'dismissed' && flag.reason && (
        <span className="post-row-meta">
          不予处理：{DISMISS_REASONS[flag.reason]}
          {flag.note && `，${flag.note}`}（{flag.decidedBy}）
        </span>
      )}
    </button>
  )
})
