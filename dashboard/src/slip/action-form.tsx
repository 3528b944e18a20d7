import { useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Form } from 'antd'
import { useEffect, useState } from 'react'
import type { AccountView } from '../../../api/accounts/routes.ts'
import type { UnitView } from '../../../api/people/routes.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { SLIP_ACTIONS, type SlipAction } from '../../../api/vocabulary.ts'
import { type ApiError, get } from '../api.ts'
import { clean, Fields, initialsOf } from '../ui/field.tsx'
import { useAct } from '../ui/use-act.ts'
import { useBase } from '../ui/use-base.ts'
import { fieldsOf, fixedOf } from './action-fields.tsx'

/** One act on a slip: its form, sent with the version that the person sees; what was typed stays on an error. */
export function ActionForm({
  slip,
  action,
  preset = {},
  onDone,
  onTouch,
  onReady,
}: {
  slip: SlipDetail
  action: SlipAction
  /** Fields that the place where it was opened knows already. */
  preset?: Record<string, unknown>
  onDone(): void
  /** Something was filled in. */
  onTouch(): void
  /** Its fields are there. */
  onReady(): void
}) {
  const act = useAct()
  const base = useBase(slip, true)
  const { message } = App.useApp()
  const [form] = Form.useForm()
  const [error, setError] = useState<ApiError | null>(null)
  const [busy, setBusy] = useState(false)
  const [openedAt] = useState(() => Date.now())
  const units = useQuery({ queryKey: ['/api/units'], queryFn: () => get<UnitView[]>('/api/units') }).data
  const accounts = useQuery({
    queryKey: ['/api/accounts'],
    queryFn: () => get<AccountView[]>('/api/accounts'),
  }).data
  const isReady = units !== undefined && accounts !== undefined
  useEffect(() => {
    if (isReady) onReady()
  }, [isReady, onReady])
  if (!isReady) return null
  const fields = fieldsOf(action, slip, units, accounts, openedAt)
  const send = async (values: Record<string, unknown>) => {
    setBusy(true)
    try {
      const body = { ...fixedOf(action, slip), ...clean(fields, values) }
      await act(base.slip, action, body)
      void message.success(`已${SLIP_ACTIONS[action]}`)
      onDone()
    } catch (problem) {
      setError(problem as ApiError)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Form
      form={form}
      layout="vertical"
      onFinish={send}
      onValuesChange={onTouch}
      initialValues={{ ...initialsOf(fields), ...preset }}
      aria-label={SLIP_ACTIONS[action]}
    >
      <Fields fields={fields} />
      {error && (
        <Alert
          type="error"
          showIcon
          className="gap-below"
          title={error.message}
          description={changesOf(error)}
          action={
            error.code === 'slip.stale' && (
              <Button size="small" onClick={() => void base.renew()}>
                刷新核对
              </Button>
            )
          }
        />
      )}
      <Button type="primary" htmlType="submit" loading={busy}>
        {SLIP_ACTIONS[action]}
      </Button>
    </Form>
  )
}

/** What others did in between, for a 409. */
function changesOf({ details }: ApiError): string | undefined {
  const changes = details.changes as { action: SlipAction }[] | undefined
  return changes && `期间：${changes.map(({ action }) => SLIP_ACTIONS[action] ?? '核验回复').join('、')}`
}
