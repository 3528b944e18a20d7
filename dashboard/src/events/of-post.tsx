import { useQuery } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { DecidedEvent, EventItem } from '../../../api/events/routes.ts'
import { get, post } from '../api.ts'
import { EventChoice } from './choice.tsx'
import { useDecide } from './use-decide.tsx'

/** The event that a post belongs to, and, at the desk, the way into one. */
export function EventOfPost({ postId }: { postId: number }) {
  const { mayDecide } = useDecide()
  const [open, setOpen] = useState(false)
  const { data } = useQuery({
    queryKey: ['post-event', postId],
    queryFn: () => get<{ event: EventItem | null }>(`/api/posts/${postId}/event`),
  })
  if (!data) return null
  const { event } = data
  if (!event && !mayDecide) return null
  return (
    <div className="event-of-post">
      {event ? (
        <span>
          属于事件 <Link to={`/events/${event.id}`}>{event.title}</Link>{' '}
          <span className="muted">
            {event.posts} 条 · {event.sources} 个信源 · 近 24 小时 {event.last24h} 条
          </span>
        </span>
      ) : (
        <span className="muted">不属于任何事件</span>
      )}
      {mayDecide && (
        <Button size="small" type="link" onClick={() => setOpen(true)}>
          {event ? '归入别的事件' : '归入事件'}
        </Button>
      )}
      {open && <Pin postId={postId} {...(event && { from: event.id })} onClose={() => setOpen(false)} />}
    </div>
  )
}

function Pin({ postId, from, onClose }: { postId: number; from?: number; onClose(): void }) {
  const { decide, busy } = useDecide()
  const [into, setInto] = useState<EventItem | null>(null)
  const pin = async () => {
    if (!into) return
    const body = { version: into.version, postId }
    if (await decide(() => post<DecidedEvent>(`/api/events/${into.id}/pin`, body), '已归入')) onClose()
  }
  const make = async () => {
    if (await decide(() => post<DecidedEvent>('/api/events', { postIds: [postId] }), '已建立事件')) onClose()
  }
  return (
    <Modal
      open
      title="归入事件"
      onCancel={onClose}
      footer={[
        <Button key="make" loading={busy} onClick={make}>
          以此帖建立新事件
        </Button>,
        <Button key="pin" type="primary" disabled={!into} loading={busy} onClick={pin}>
          归入所选事件
        </Button>,
      ]}
    >
      <p className="gap-below">由人归入的帖子，今后的自动归并不会再移动。</p>
      <EventChoice {...(from !== undefined && { without: from })} value={into} onChange={setInto} />
    </Modal>
  )
}
