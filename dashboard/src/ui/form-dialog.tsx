import { Alert, App, Button, Form, Modal } from 'antd'
import { useState } from 'react'
import { clean, type Field, Fields, initialsOf } from './field.tsx'
import { useCareful } from './use-careful.ts'

/** A small form in a dialog; what was typed stays when the server refuses it. */
export function FormDialog(props: {
  title: string
  fields: Field[]
  /** What the button says. */
  verb?: string
  send(values: Record<string, unknown>): Promise<unknown>
  onClose(): void
}) {
  const { title, fields, verb = '保存', send, onClose } = props
  const { message } = App.useApp()
  const careful = useCareful(onClose)
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const finish = async (values: Record<string, unknown>) => {
    setBusy(true)
    try {
      await send(clean(fields, values))
      void message.success('已保存')
      onClose()
    } catch (problem) {
      setError((problem as Error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal open title={title} footer={null} width={560} onCancel={careful.close} destroyOnHidden>
      <Form
        layout="vertical"
        aria-label={title}
        initialValues={initialsOf(fields)}
        onValuesChange={careful.touch}
        onFinish={finish}
      >
        <Fields fields={fields} />
        {error && <Alert type="error" showIcon title={error} className="gap-below" />}
        <Button type="primary" htmlType="submit" loading={busy}>
          {verb}
        </Button>
      </Form>
    </Modal>
  )
}
