import { App, Button, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { Analysis, Rule } from '../../../api/rules/routes.ts'
import { EVENT_CLASSES } from '../../../api/vocabulary.ts'
import { post } from '../api.ts'
import { Marked } from '../marked.tsx'
import { optionsOf } from '../ui/options.ts'
import { useFail } from '../ui/use-act.ts'
import { type Draft, fromDraft, toDraft } from './draft.ts'

/** A rule as a form, a text to try it on, and 提出 as a new version. */
export function RuleEditor(props: { rule: Rule; isNew: boolean; onDone(): Promise<unknown> }) {
  const { message } = App.useApp()
  const fail = useFail()
  const [form] = Form.useForm<Draft>()
  const [busy, setBusy] = useState(false)
  const propose = async () => {
    setBusy(true)
    try {
      const { why, ...draft } = await form.validateFields()
      await post('/api/rules', { rule: fromDraft(draft), why })
      void message.success('已提出。请在下方回测这一版，再由办公室启用。')
      await props.onDone()
    } catch (problem) {
      if (problem instanceof Error) fail(problem)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={toDraft(props.rule)}
      requiredMark={false}
      className="rule-form"
    >
      <div className="rule-grid">
        <Form.Item name="id" label="编号" rules={[{ required: true, message: '请填写编号，如 gas-leak' }]}>
          <Input disabled={!props.isNew} placeholder="gas-leak" />
        </Form.Item>
        <Form.Item name="name" label="名称" rules={[{ required: true, message: '请填写名称' }]}>
          <Input />
        </Form.Item>
        <Form.Item name="topic" label="类别">
          <Input placeholder="安全生产/燃气" />
        </Form.Item>
        <Form.Item name="eventClass" label="事件类型">
          <Select allowClear options={optionsOf(EVENT_CLASSES)} />
        </Form.Item>
        <Form.Item name="topicPoints" label="主题分（负数为扣分）">
          <InputNumber step={0.1} min={-2} max={2} />
        </Form.Item>
        <Form.Item name="actionPoints" label="需处置分">
          <InputNumber step={0.1} min={-2} max={2} />
        </Form.Item>
        <Form.Item name="concern" label="归属">
          <Select
            allowClear
            options={[
              { value: 'own', label: '我局办理' },
              { value: 'watch', label: '关注' },
            ]}
          />
        </Form.Item>
        <Form.Item name="unit" label="建议处室">
          <Input />
        </Form.Item>
      </div>
      <Form.Item name="any" label="任一（每行或用顿号、空格分开）">
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
      <Form.Item name="all" label="每组各有其一（一行一组）">
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} />
      </Form.Item>
      <Form.Item name="near" label="相距不超过若干字（一行一对，如：化工、储罐 … 泄漏、爆炸 30）">
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} />
      </Form.Item>
      <Form.Item name="none" label="都不得有">
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 4 }} />
      </Form.Item>
      <div className="rule-grid">
        <Form.Item name="regex" label="正则表达式">
          <Input spellCheck={false} />
        </Form.Item>
        <Form.Item name="field" label="只看">
          <Select
            allowClear
            placeholder="标题和正文"
            options={[
              { value: 'title', label: '标题' },
              { value: 'text', label: '正文' },
            ]}
          />
        </Form.Item>
        <Form.Item name="from" label="起用日">
          <Input type="date" />
        </Form.Item>
        <Form.Item name="to" label="止用日">
          <Input type="date" />
        </Form.Item>
      </div>
      <TryText read={() => fromDraft(form.getFieldsValue())} />
      <div className="rule-propose">
        <Form.Item name="why" rules={[{ required: true, min: 2, message: '请写明为什么改' }]}>
          <Input placeholder="为什么提出这一版" />
        </Form.Item>
        <Button type="primary" loading={busy} onClick={() => void propose()}>
          提出这一版
        </Button>
      </div>
    </Form>
  )
}

/** The rule as it stands in the form, tried on a pasted text together with all live rules. */
function TryText({ read }: { read(): Rule }) {
  const fail = useFail()
  const [text, setText] = useState('')
  const [tried, setTried] = useState<{ text: string; analysis: Analysis; rule: string } | null>(null)
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    try {
      const rule = read()
      setTried({ text, rule: rule.id, analysis: await post<Analysis>('/api/rules/try', { text, rule }) })
    } catch (problem) {
      fail(problem)
    } finally {
      setBusy(false)
    }
  }
  const reasons = tried?.analysis.reasons.filter(({ kind }) => kind !== 'score') ?? []
  const spans = reasons.flatMap(reason => (reason.points > 0 ? reason.spans : []))
  return (
    <section className="inset" aria-label="试规则">
      <Input.TextArea
        aria-label="试规则的文字"
        placeholder="粘贴一段文字，看这条规则和现有规则一起怎么判断"
        autoSize={{ minRows: 2, maxRows: 8 }}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <Button className="gap-above" disabled={!text.trim()} loading={busy} onClick={() => void run()}>
        试一试
      </Button>
      {tried && (
        <div className="gap-above">
          <span className={`pill ${tried.analysis.flagged ? 'red' : ''}`}>
            {tried.analysis.flagged ? '会提示' : '不提示'}
          </span>{' '}
          {!reasons.some(({ rule }) => rule === tried.rule) && (
            <span className="pill amber">这条规则没有命中</span>
          )}
          <div className="text gap-above">
            <Marked text={tried.text} ranges={spans.filter(span => span.field === 'text')} />
          </div>
          <ul>
            {reasons.map(reason => (
              <li key={reason.message}>{reason.message}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}
