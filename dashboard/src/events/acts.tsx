import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { DecidedEvent, EventDetail, EventItem } from '../../../api/events/routes.ts'
import { patch, post } from '../api.ts'
import { EventChoice } from './choice.tsx'
import { useDecide } from './use-decide.tsx'

/** Renaming and merging; splitting and taking out stand with the posts. */
export function Acts({ event }: { event: EventDetail }) {
  const { mayDecide } = useDecide()
  const [open, setOpen] = useState<'rename' | 'merge' | null>(null)
  if (!mayDecide) return null
  return (
    <>
      <Button onClick={() => setOpen('rename')}>改名</Button>
      <Button onClick={() => setOpen('merge')}>并入另一事件</Button>
      {open === 'rename' && <Rename event={event} onClose={() => setOpen(null)} />}
      {open === 'merge' && <Merge event={event} onClose={() => setOpen(null)} />}
    </>
  )
}

function Rename({ event, onClose }: { event: EventDetail; onClose(): void }) {
  const { decide, busy } = useDecide()
  const [title, setTitle] = useState(event.title)
  const save = async () => {
    const body = { version: event.version, title: title.trim() || null }
    if (await decide(() => patch<DecidedEvent>(`/api/events/${event.id}`, body), '已改名')) onClose()
  }
  return (
    <Modal
      open
      title="事件名称"
      okText="保存"
      cancelText="取消"
      confirmLoading={busy}
      onCancel={onClose}
      onOk={save}
    >
      <Input
        aria-label="事件名称"
        maxLength={80}
        value={title}
        placeholder="不填则用首帖的标题"
        onChange={({ target }) => setTitle(target.value)}
        onPressEnter={save}
      />
    </Modal>
  )
}

function Merge({ event, onClose }: { event: EventDetail; onClose(): void }) {
  const { decide, busy } = useDecide()
  const navigate = useNavigate()
  const [into, setInto] = useState<EventItem | null>(null)
  const merge = async () => {
    if (!into) return
    const body = { version: event.version, into: into.id, intoVersion: into.version }
    if (!(await decide(() => post<DecidedEvent>(`/api/events/${event.id}/merge`, body), '已合并'))) return
    onClose()
    void navigate(`/events/${into.id}`)
  }
  return (
    <Modal
      open
      title="并入另一事件"
      okText="合并"
      cancelText="取消"
      okButtonProps={{ disabled: !into }}
      confirmLoading={busy}
      onCancel={onClose}
      onOk={merge}
    >
      <p className="gap-below">
        本事件的 {event.posts}{' '}
        条帖子都归入所选事件，今后的自动归并不会再分开它们；本页的链接转到所选事件。合错了可以撤销。
      </p>
      <EventChoice without={event.id} value={into} onChange={setInto} />
    </Modal>
  )
}
