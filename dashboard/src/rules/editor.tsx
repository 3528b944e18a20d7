import { useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import type { Rule, RuleChoices } from '../../../api/rules/routes.ts'
import { ApiError, get, post } from '../api.ts'
import { useFail } from '../ui/use-act.ts'
import { longest } from './checks.ts'
import { type Draft, fromDraft, toDraft } from './draft.ts'
import { RuleFields } from './fields.tsx'
import { TryText } from './try-text.tsx'

/** A rule as a form, a text to try it on, and 提出 as a new version. */
export function RuleEditor(props: { rule: Rule; isNew: boolean; onDone(id: string): Promise<unknown> }) {
  const { message } = App.useApp()
  const fail = useFail()
  const [form] = Form.useForm<Draft>()
  const [busy, setBusy] = useState(false)
  const [faults, setFaults] = useState<string | null>(null)
  const { data: choices } = useQuery({
    queryKey: ['rule-choices'],
    queryFn: () => get<RuleChoices>('/api/rule-choices'),
  })
  /** Values of these fields, or all; the first wrong one is brought into sight, its form being long. */
  const checked = async (names?: (keyof Draft)[]): Promise<Draft> => {
    try {
      return await (names ? form.validateFields(names) : form.validateFields())
    } catch (problem) {
      const [first] = (problem as { errorFields?: { name: (keyof Draft)[] }[] }).errorFields ?? []
      if (first?.name[0]) form.scrollToField(first.name[0], { block: 'center' })
      throw problem
    }
  }
  const propose = async () => {
    setBusy(true)
    setFaults(null)
    try {
      const draft = await checked()
      const { id } = await post<{ id: string }>('/api/rules', {
        rule: fromDraft(draft, props.rule),
        why: draft.why,
        isNew: props.isNew,
      })
      void message.success('已提出。请在下方回测这一版，再由办公室启用。')
      form.setFieldValue('why', '')
      await props.onDone(id)
    } catch (problem) {
      // What is wrong stays beside the form until it is mended.
      if (problem instanceof ApiError && problem.status < 500) setFaults(problem.message)
      else if (problem instanceof Error) fail(problem)
    } finally {
      setBusy(false)
    }
  }
  const read = async () => {
    const names = Object.keys(form.getFieldsValue()).filter(name => name !== 'why') as (keyof Draft)[]
    return fromDraft(await checked(names), props.rule)
  }
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={toDraft(props.rule)}
      requiredMark={false}
      className="rule-form"
    >
      <RuleFields isNew={props.isNew} choices={choices} />
      <TryText read={read} />
      {faults && (
        <Alert type="error" showIcon className="gap-above" title={<div className="faults">{faults}</div>} />
      )}
      <div className="rule-propose">
        <Form.Item
          name="why"
          rules={[{ required: true, min: 2, message: '请写明为什么改' }, longest('理由', 500)]}
        >
          <Input placeholder="为什么提出这一版" />
        </Form.Item>
        <Button type="primary" loading={busy} onClick={() => void propose()}>
          提出这一版
        </Button>
      </div>
    </Form>
  )
}
