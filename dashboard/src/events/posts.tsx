import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Drawer, Empty, Popconfirm, Skeleton } from 'antd'
import { useState } from 'react'
import type { DecidedEvent, EventDetail, EventPosts } from '../../../api/events/routes.ts'
import { get, post } from '../api.ts'
import { PostPanel } from '../post-detail.tsx'
import { PostRow } from '../post-row.tsx'
import { useDecide } from './use-decide.tsx'

/** Which posts of the event are listed; `name` is how the choice is shown. */
export interface PostFilter {
  source?: string
  from?: number
  to?: number
  name?: string
}

const SHOWN = 200

/** The posts behind the figures; those who work at the desk choose some to part them or take one out. */
export function EventPostList(props: {
  event: EventDetail
  filter: PostFilter
  onFilter(filter: PostFilter): void
}) {
  const { event, filter, onFilter } = props
  const [folded, setFolded] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const [opened, setOpened] = useState<number | null>(null)
  const { mayDecide, decide, busy } = useDecide()
  const query = new URLSearchParams({ limit: String(SHOWN), ...(folded && { folded: 'true' }) })
  for (const key of ['source', 'from', 'to'] as const)
    if (filter[key] !== undefined) query.set(key, String(filter[key]))
  const { data } = useQuery({
    queryKey: ['event', event.id, event.version, query.toString()],
    queryFn: () => get<EventPosts>(`/api/events/${event.id}/posts?${query}`),
  })
  const toggle = (id: number) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  const path = `/api/events/${event.id}`
  const split = async () => {
    const body = { version: event.version, postIds: [...chosen] }
    const made = await decide(() => post<DecidedEvent>(`${path}/split`, body), '已拆成新事件')
    if (made) setChosen(new Set())
  }
  const takeOut = async (postId: number) => {
    await decide(
      () => post<{ act: number }>(`${path}/take-out`, { version: event.version, postId }),
      '已移出事件',
    )
  }
  return (
    <section className="panel flush" aria-label="帖子">
      <div className="panel-title">
        <h2>帖子 {data ? data.total : ''}</h2>
        {filter.name && (
          <Button size="small" onClick={() => onFilter({})}>
            {filter.name}　×
          </Button>
        )}
        <span className="grow" />
        {chosen.size > 0 && (
          <Popconfirm
            title={`把所选 ${chosen.size} 条拆成另一个事件？`}
            description="今后归并不会再把它们合在一起。"
            okText="拆分"
            cancelText="取消"
            onConfirm={split}
          >
            <Button size="small" type="primary" loading={busy}>
              拆分所选 {chosen.size} 条
            </Button>
          </Popconfirm>
        )}
        {event.copies > 0 && (
          <Checkbox checked={folded} onChange={({ target }) => setFolded(target.checked)}>
            重复的不列出
          </Checkbox>
        )}
      </div>
      {!data && <Skeleton active className="pad" />}
      {data && !data.items.length && <Empty className="pad" description="没有符合条件的帖子。" />}
      {data?.items.map(item => (
        <div key={item.id} className="chosen-row">
          {mayDecide && (
            <Checkbox
              aria-label={`选择 ${item.title ?? item.excerpt.slice(0, 20)}`}
              checked={chosen.has(item.id)}
              onChange={() => toggle(item.id)}
            />
          )}
          <PostRow item={item} current={false} onPick={() => setOpened(item.id)} />
        </div>
      ))}
      {data && data.total > data.items.length && (
        <p className="muted pad">这里列出最近 {data.items.length} 条，点增长曲线的柱形看其余。</p>
      )}
      <Drawer
        open={opened !== null}
        size={640}
        title="帖子"
        onClose={() => setOpened(null)}
        className="phone-detail"
        footer={
          mayDecide && opened !== null ? (
            <Popconfirm
              title="这条不属于本事件？"
              description="移出后不再自动归入任何事件。"
              okText="移出"
              cancelText="取消"
              onConfirm={async () => {
                await takeOut(opened)
                setOpened(null)
              }}
            >
              <Button>移出本事件</Button>
            </Popconfirm>
          ) : null
        }
      >
        <PostPanel id={opened} />
      </Drawer>
    </section>
  )
}
