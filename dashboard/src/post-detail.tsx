import { useQuery } from '@tanstack/react-query'
import { Spin, Tag } from 'antd'
import type { PostDetail } from '../../api/posts/routes.ts'
import { EVENT_CLASSES, POST_STATES } from '../../api/vocabulary.ts'
import { get } from './api.ts'
import { dateTime, published } from './format.ts'
import { Marked } from './marked.tsx'

export const usePost = (id: number | null) =>
  useQuery({
    queryKey: ['post', id],
    queryFn: () => get<PostDetail>(`/api/posts/${id}`),
    enabled: id !== null,
  })

/** The post, why it was flagged, its thread: everything that triage needs. */
export function PostPanel({ id }: { id: number | null }) {
  const { data: post, isPending } = usePost(id)
  if (id === null) return <div className="panel muted">从左侧选择一条线索。</div>
  if (isPending || !post) return <Spin />
  const spans = (post.analysis?.reasons ?? []).flatMap(reason => (reason.points > 0 ? reason.spans : []))
  const inField = (field: string) => spans.filter(span => span.field === field)
  const { flag, analysis } = post
  return (
    <article className="panel">
      <h2>
        <Marked text={post.title ?? '（无标题）'} ranges={inField('title')} />
      </h2>
      <p className="muted">
        {post.source.name} · {post.board ?? '—'} · {post.author ?? '匿名'} · 发布{' '}
        {published(post.publishedAt, post.publishedPrecision)} · 浏览 {post.views ?? '—'} · 回复{' '}
        {post.replies ?? '—'}
        {post.state !== 'visible' && <Tag color="red">{POST_STATES[post.state]}</Tag>}
      </p>
      <p>
        <a href={post.url} target="_blank" rel="noreferrer noopener">
          打开原帖
        </a>
      </p>
      <div className="text">
        <Marked text={post.text || '（没有正文）'} ranges={inField('text')} />
      </div>
      {analysis && (
        <section aria-label="为什么提示">
          <h3>为什么提示</h3>
          <ul className="why">
            {analysis.reasons.map(reason => (
              <li key={`${reason.kind}${reason.rule}${reason.message}`}>
                {reason.message}
                {reason.points !== 0 && (
                  <span className="muted">
                    （{reason.points > 0 ? '+' : ''}
                    {reason.points} 分）
                  </span>
                )}
              </li>
            ))}
          </ul>
          {flag && (
            <p className="muted">
              {flag.topics.join('、')} · {flag.eventClass ? EVENT_CLASSES[flag.eventClass] : '—'} · 建议
              {flag.concern === 'own' ? '我局办理' : '关注'}
              {flag.unit ? `，${flag.unit.name}` : ''}
            </p>
          )}
        </section>
      )}
      {post.thread.length > 1 && (
        <section>
          <h3>同主题楼层</h3>
          {post.thread
            .filter(floor => floor.id !== post.id)
            .map(floor => (
              <p key={floor.id} className="text">
                <span className="muted">
                  {floor.author ?? '匿名'} {published(floor.publishedAt, floor.publishedPrecision)}
                </span>
                {'\n'}
                {floor.excerpt}
              </p>
            ))}
        </section>
      )}
      {post.revisions.length > 1 && (
        <p className="muted">
          正文改过 {post.revisions.length - 1} 次，最近 {dateTime(post.revisions.at(-1)?.seenAt ?? null)}
        </p>
      )}
      {post.copiesOf.length > 0 && <p className="muted">相同内容另有 {post.copiesOf.length} 条</p>}
    </article>
  )
}
