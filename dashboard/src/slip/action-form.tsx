import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Checkbox, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { AccountView } from '../../../api/accounts/routes.ts'
import type { UploadView } from '../../../api/evidence/routes.ts'
import type { UnitView } from '../../../api/people/routes.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { SLIP_ACTIONS, type SlipAction } from '../../../api/vocabulary.ts'
import { type ApiError, get, post } from '../api.ts'
import { fromInput, toInput } from '../format.ts'
import { useAct } from '../ui/use-act.ts'
import { type Field, fieldsOf, fixedOf } from './action-fields.ts'

const initialOf = ({ kind, initial }: Field) =>
  kind === 'time' && typeof initial === 'number' ? toInput(initial) : (initial ?? undefined)

function clean(fields: Field[], values: Record<string, unknown>): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const { name, kind, when } of fields) {
    const value = values[name]
    if (when && !when.in.includes(values[when.field])) continue
    if (value === undefined || value === null || (value === '' && kind !== 'area')) continue
    body[name] = kind === 'time' ? fromInput(String(value)) : value
  }
  return body
}

/** One act on a slip: its form, sent with the version that the person sees; what was typed stays on an error. */
export function ActionForm({
  slip,
  action,
  onDone,
}: {
  slip: SlipDetail
  action: SlipAction
  onDone(): void
}) {
  const queries = useQueryClient()
  const act = useAct()
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
  if (!units || !accounts) return null
  const fields = fieldsOf(action, slip, units, accounts, openedAt)
  const send = async (values: Record<string, unknown>) => {
    setBusy(true)
    try {
      const body = { ...fixedOf(action, slip), ...clean(fields, values) }
      await act(slip, action, body)
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
      initialValues={Object.fromEntries(fields.map(field => [field.name, initialOf(field)]))}
      aria-label={SLIP_ACTIONS[action]}
    >
      {fields.map(field => (
        <Form.Item noStyle key={field.name} dependencies={field.when ? [field.when.field] : []}>
          {({ getFieldValue }) =>
            field.when && !field.when.in.includes(getFieldValue(field.when.field)) ? null : (
              <OneField field={field} />
            )
          }
        </Form.Item>
      ))}
      {error && (
        <Alert
          type="error"
          showIcon
          className="gap-below"
          title={error.message}
          description={changesOf(error)}
          action={
            error.code === 'slip.stale' && (
              <Button size="small" onClick={() => queries.invalidateQueries({ queryKey: ['slip', slip.id] })}>
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

function OneField({ field }: { field: Field }) {
  const { name, label, kind, options, required } = field
  const rules = required ? [{ required: true, message: `请填写${label}` }] : []
  const control = {
    line: <Input />,
    area: <Input.TextArea autoSize={{ minRows: 3, maxRows: 14 }} />,
    select: <Select options={options ?? []} showSearch={{ optionFilterProp: 'label' }} />,
    several: <Select mode="multiple" options={options ?? []} showSearch={{ optionFilterProp: 'label' }} />,
    time: <Input type="datetime-local" />,
    day: <Input type="date" />,
    number: <InputNumber min={0} style={{ width: '100%' }} />,
    check: <Checkbox>{label}</Checkbox>,
    uploads: <Uploads />,
  }[kind]
  return (
    <Form.Item
      label={kind === 'check' ? null : label}
      name={name}
      rules={rules}
      extra={field.help}
      {...(kind === 'check' && { valuePropName: 'checked' })}
    >
      {control}
    </Form.Item>
  )
}

type Uploaded = Pick<UploadView, 'sha256' | 'fileName'>

function Uploads({ value = [], onChange }: { value?: Uploaded[]; onChange?(value: Uploaded[]): void }) {
  const [error, setError] = useState<string | null>(null)
  const add = async (files: FileList | null) => {
    try {
      const added: Uploaded[] = []
      for (const file of files ?? []) {
        const body = new FormData()
        body.append('file', file)
        const { sha256, fileName } = await post<UploadView>('/api/uploads', body)
        added.push({ sha256, fileName })
      }
      setError(null)
      onChange?.([...value, ...added])
    } catch (problem) {
      setError((problem as Error).message)
    }
  }
  return (
    <>
      <input
        type="file"
        aria-label="选择图片"
        accept="image/png,image/jpeg,image/webp"
        multiple
        onChange={event => add(event.target.files)}
      />
      <div className="muted">{value.map(({ fileName }) => fileName).join('、')}</div>
      {error && <Alert type="error" title={error} />}
    </>
  )
}
