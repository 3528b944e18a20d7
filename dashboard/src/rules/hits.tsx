import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { RuleHit } from '../../../api/rules/routes.ts'
import { get } from '../api.ts'

/** The posts behind 次命中, read once they are asked for. */
export function RuleHits({ id, count }: { id: string; count: number }) {
  const [open, setOpen] = useState(false)
  const { data } = useQuery({
    queryKey: ['rule-hits', id],
    queryFn: () => get<RuleHit[]>(`/api/rules/${id}/hits`),
    enabled: open,
  })
  if (!count) return <p className="muted gap-above">最近 30 天没有命中。</p>
  return (
    <details className="gap-above" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>最近 30 天命中的 {count} 条帖子</summary>
      <ul>
        {data?.map(({ postId, text }) => (
          <li key={postId}>
            <Link to={`/posts?post=${postId}`}>{text.slice(0, 60)}</Link>
          </li>
        ))}
      </ul>
      {data && data.length < count && <p className="muted">只列出最近 {data.length} 条。</p>}
    </details>
  )
}
