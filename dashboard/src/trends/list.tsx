import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Empty, Skeleton } from 'antd'
import { useState } from 'react'
import type { TrendPosts } from '../../../api/trends/routes.ts'
import { get } from '../api.ts'
import { PostPanel } from '../post-detail.tsx'
import { PostRow } from '../post-row.tsx'
import type { Dimension, Measure } from './bars.ts'

/** Which posts a figure counted; no value = every value. Days both included. */
export interface Counted {
  values: readonly string[]
  from: string
  to: string
}

const SHOWN = 200

/** The posts behind a figure, exactly as many as it says. */
export function CountedPosts(props: {
  dimension: Dimension
  measure: Measure
  counted: Counted
  title: string
  onClose(): void
}) {
  const { dimension, measure, counted, title, onClose } = props
  const [opened, setOpened] = useState<number | null>(null)
  const query = new URLSearchParams({
    dimension,
    measure,
    from: counted.from,
    to: counted.to,
    limit: String(SHOWN),
  })
  for (const value of counted.values) query.append('value', value)
  const { data, error } = useQuery({
    queryKey: ['trends', 'posts', query.toString()],
    queryFn: () => get<TrendPosts>(`/api/trends/posts?${query}`),
  })
  return (
    <Drawer
      open
      size={640}
      title={opened === null ? `${title}${data ? `：${data.total} 条` : ''}` : '帖子'}
      extra={opened !== null && <Button onClick={() => setOpened(null)}>返回列表</Button>}
      onClose={onClose}
      className="phone-detail counted"
    >
      {opened !== null ? (
        <PostPanel id={opened} />
      ) : (
        <>
          {error && <Empty description={error.message} />}
          {!data && !error && <Skeleton active />}
          {data && !data.items.length && <Empty description="这里没有帖子。" />}
          {data?.items.map(item => (
            <PostRow key={item.id} item={item} current={false} onPick={() => setOpened(item.id)} />
          ))}
          {data && data.total > data.items.length && (
            <p className="muted pad">这里列出最近 {data.items.length} 条，缩短时间段可看其余。</p>
          )}
        </>
      )}
    </Drawer>
  )
}
