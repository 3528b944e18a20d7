import { Input, Modal, Radio } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { PostItem } from '../../api/posts/routes.ts'
import { DISMISS_REASONS, type DismissReason } from '../../api/vocabulary.ts'

const CODES = Object.keys(DISMISS_REASONS) as DismissReason[]

/** Why a flag is none of ours: a digit picks the reason, enter confirms. */
export function DismissDialog(props: {
  item: PostItem
  onClose(): void
  /** Whether it was done: then the dialog goes. */
  onDone(reason: DismissReason, note: string): Promise<boolean>
}) {
  const { item, onClose, onDone } = props
  const [reason, setReason] = useState<DismissReason>('not_ours')
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  /** Set at once, where the state waits for a drawing; once done, for good: a second press before it is gone does nothing. */
  const isSent = useRef(false)
  const send = useCallback(async () => {
    if (isSent.current) return
    isSent.current = true
    setBusy(true)
    isSent.current = await onDone(reason, note)
    setBusy(isSent.current)
  }, [reason, note, onDone])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement && event.target.type === 'text'
      const picked = CODES[Number(event.key) - 1]
      if (picked && !typing) setReason(picked)
      else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement)) void send()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [send])
  return (
    <Modal
      open
      title="不予处理的理由"
      okText="确定"
      cancelText="取消"
      // The dialog focuses what comes first: on the cross, enter would close it and dismiss nothing.
      closable={false}
      confirmLoading={busy}
      onCancel={onClose}
      onOk={() => void send()}
    >
      <p className="muted gap-below">{item.title ?? item.excerpt.slice(0, 60)}</p>
      <Radio.Group
        className="choices"
        value={reason}
        onChange={event => setReason(event.target.value)}
        options={CODES.map((value, i) => ({ value, label: `${i + 1}　${DISMISS_REASONS[value]}` }))}
      />
      <Input
        aria-label="说明"
        placeholder="说明（可不填）"
        value={note}
        onChange={event => setNote(event.target.value)}
      />
    </Modal>
  )
}
