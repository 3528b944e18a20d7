import { App, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useFail } from '../ui/use-act.ts'

interface Props {
  title: string
  placeholder: string
  danger: boolean
  send(why: string): Promise<unknown>
  onClose(): void
  onDone(): Promise<unknown>
  children?: ReactNode
}

/** An act that must say why; what went wrong leaves the dialog open. */
export function WhyDialog({ title, placeholder, danger, send, onClose, onDone, children }: Props) {
  const { message } = App.useApp()
  const fail = useFail()
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async () => {
    setBusy(true)
    try {
      await send(why)
      void message.success('已办理，数秒内生效')
      onClose()
      await onDone()
    } catch (problem) {
      fail(problem)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      title={title}
      okText="确定"
      cancelText="取消"
      confirmLoading={busy}
      okButtonProps={{ disabled: why.trim().length < 2, danger }}
      onCancel={onClose}
      onOk={() => void submit()}
    >
      <Input
        aria-label="理由"
        placeholder={placeholder}
        autoFocus
        value={why}
        onChange={event => setWhy(event.target.value)}
      />
      {children}
    </Modal>
  )
}
