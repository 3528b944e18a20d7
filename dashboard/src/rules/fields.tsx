import { Form, Input, Select } from 'antd'
import type { RuleChoices } from '../../../api/rules/routes.ts'
import { EVENT_CLASSES } from '../../../api/vocabulary.ts'
import { optionsOf } from '../ui/options.ts'
import { DayInput } from '../ui/when.tsx'
import { ID, longest, notBefore, pairs, past, points } from './checks.ts'

const named = (values: readonly string[] | undefined) => values?.map(value => ({ value, label: value })) ?? []
const SEARCH = { optionFilterProp: 'label' } as const
const SEVERITIES = [
  { value: 1, label: '1 一般问题' },
  { value: 2, label: '2 具体险情' },
  { value: 3, label: '3 可能重大' },
]

/** Every field of a rule; word lists as text (words.ts). */
export function RuleFields({ isNew, choices }: { isNew: boolean; choices: RuleChoices | undefined }) {
  return (
    <>
      <Facts isNew={isNew} choices={choices} />
      <WordLists />
      <Scope choices={choices} />
    </>
  )
}

function Facts({ isNew, choices }: { isNew: boolean; choices: RuleChoices | undefined }) {
  return (
    <div className="rule-grid">
      <Form.Item name="id" label="编号" rules={ID}>
        <Input disabled={!isNew} placeholder="gas-leak" />
      </Form.Item>
      <Form.Item
        name="name"
        label="名称"
        rules={[{ required: true, message: '请填写名称' }, longest('名称', 40)]}
      >
        <Input />
      </Form.Item>
      <Form.Item name="topic" label="类别">
        <Select allowClear showSearch={SEARCH} placeholder="随事件类型" options={named(choices?.topics)} />
      </Form.Item>
      <Form.Item name="eventClass" label="事件类型">
        <Select allowClear showSearch={SEARCH} options={optionsOf(EVENT_CLASSES)} />
      </Form.Item>
      <Form.Item name="topicPoints" label="主题分（负数为扣分）" rules={[points('主题分')]}>
        <Input inputMode="decimal" placeholder="−2 到 2" />
      </Form.Item>
      <Form.Item name="actionPoints" label="需处置分" rules={[points('需处置分')]}>
        <Input inputMode="decimal" placeholder="−2 到 2" />
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
        <Select allowClear showSearch={SEARCH} placeholder="随类别" options={named(choices?.units)} />
      </Form.Item>
      <Form.Item name="severity" label="严重程度提示">
        <Select allowClear placeholder="无" options={SEVERITIES} />
      </Form.Item>
    </div>
  )
}

function WordLists() {
  return (
    <>
      <Form.Item
        name="any"
        label="任一（每行或用顿号、空格分开；含空格的词组放在「」里，如「SOS 求救」，下同）"
      >
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} />
      </Form.Item>
      <Form.Item name="all" label="每组各有其一（一行一组）">
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} />
      </Form.Item>
      <Form.Item
        name="near"
        label="相距不超过若干字（一行一对，如：化工、储罐 … 泄漏、爆炸（30 字内）；不写为 20 字）"
        rules={pairs}
      >
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} />
      </Form.Item>
      <Form.Item name="none" label="都不得有">
        <Input.TextArea autoSize={{ minRows: 1, maxRows: 4 }} />
      </Form.Item>
    </>
  )
}

function Scope({ choices }: { choices: RuleChoices | undefined }) {
  const form = Form.useFormInstance()
  const sources = choices?.sources.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <>
      <Form.Item name="sources" label="信源（不选为全部）">
        <Select
          mode="multiple"
          allowClear
          showSearch={SEARCH}
          placeholder="全部信源"
          options={sources ?? []}
        />
      </Form.Item>
      <div className="rule-grid">
        <Form.Item name="regex" label="正则表达式" rules={[longest('正则', 500)]}>
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
          <DayInput />
        </Form.Item>
        <Form.Item
          name="to"
          label="止用日"
          dependencies={['from']}
          rules={[notBefore(() => form.getFieldValue('from')), past(choices?.today)]}
        >
          <DayInput />
        </Form.Item>
      </div>
    </>
  )
}
