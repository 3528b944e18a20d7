import { useQuery } from '@tanstack/react-query'
import { Checkbox, Empty, Input } from 'antd'
import { useState } from 'react'
import type { PostSearchAnswer } from '../../../api/posts/routes.ts'
import { get } from '../api.ts'
import { published } from '../format.ts'
import { Marked } from '../marked.tsx'
import { PostPanel } from '../post-detail.tsx'

export function Search() {
  const [text, setText] = useState('')
  const [flagged, setFlagged] = useState(false)
  const [at, setAt] = useState<number | null>(null)
  const query = new URLSearchParams({ ...(text && { text }), ...(flagged && { flagged: 'true' }) })
  const { data } = useQuery({
    queryKey: ['posts', text, flagged],
    queryFn: () => get<PostSearchAnswer>(`/api/posts?${query}`),
  })
  return (
    <>
      <div className="actions">
        <Input.Search
          aria-label="检索词"
          placeholder="任意词语，多个词用空格分开"
          style={{ maxWidth: 420 }}
          onSearch={value => setText(value.trim())}
          enterButton="检索"
        />
        <Checkbox checked={flagged} onChange={event => setFlagged(event.target.checked)}>
          只看线索
        </Checkbox>
        <span className="muted">共 {data?.total ?? 0} 条</span>
      </div>
      <div className="desk">
        <div className="panel" style={{ padding: 0 }}>
          {data && !data.items.length && (
            <Empty description="没有找到，请换个词再试。" style={{ padding: 32 }} />
          )}
          {data?.items.map(item => (
            <button
              type="button"
              key={item.id}
              className="row"
              aria-current={item.id === at}
              onClick={() => setAt(item.id)}
            >
              <div className="title">
                <Marked text={item.title ?? ''} ranges={item.marks.filter(mark => mark.field === 'title')} />
              </div>
              <div>
                <Marked text={item.excerpt} ranges={item.marks.filter(mark => mark.field === 'excerpt')} />
              </div>
              <div className="muted">
                {item.source.name} · {item.author ?? '匿名'} ·{' '}
                {published(item.publishedAt, item.publishedPrecision)}
              </div>
            </button>
          ))}
        </div>
        <PostPanel id={at} />
      </div>
    </>
  )
}
