import { Alert, Button, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import type { SourceDraft } from '../../../api/sources/routes.ts'
import { ENGINE_NAMES, LIST_ORDERS } from '../../../api/vocabulary.ts'
import { ApiError } from '../api.ts'
import { optionsOf } from '../ui/options.ts'

interface Rule {
  name: string
  selector: string
}
type Fields = Omit<SourceDraft, 'selectors'> & { why: string; rules: Rule[] }

const FORUMS: readonly SourceDraft['engine'][] = ['discuz', 'phpwind', 'hualongxiang']
const SELECTED: readonly SourceDraft['engine'][] = [...FORUMS, 'article', 'cz001', 'feed']

const QUIET = [
  { value: '', label: '不设（夜间也看）' },
  { value: '23:00-06:00', label: '23:00 至 06:00' },
  { value: '00:00-06:00', label: '00:00 至 06:00' },
  { value: '01:00-05:00', label: '01:00 至 05:00' },
]

/** Everything that 办公室 decides about a source; `onSave` throws what the server says. */
export function SourceForm(props: {
  initial: SourceDraft
  /** Keys of boards that robots.txt forbids. */
  forbidden?: readonly string[]
  saveText: string
  whyHint: string
  onSave(source: SourceDraft, why: string): Promise<unknown>
}) {
  const { initial, forbidden = [] } = props
  const [form] = Form.useForm<Fields>()
  const [busy, setBusy] = useState(false)
  const [problems, setProblems] = useState<string[]>([])
  const engine = Form.useWatch('engine', form) ?? initial.engine
  const boards = Form.useWatch('boards', form) ?? initial.boards
  const shut = boards.filter(board => board && forbidden.includes(board.key))
  const quiet = initial.quietHours ? `${initial.quietHours.from}-${initial.quietHours.to}` : ''
  const [hours, setHours] = useState(quiet)
  const save = async () => {
    const fields = await form.validateFields().catch(() => null)
    if (!fields) return
    const { why, rules, ...source } = { ...initial, ...fields }
    const selectors = Object.fromEntries(
      rules.map(({ name, selector }) => [name.trim(), selector.trim()] as const),
    )
    const [from = '', to = ''] = hours.split('-')
    setBusy(true)
    try {
      await props.onSave({ ...source, selectors, quietHours: hours ? { from, to } : null }, why)
      setProblems([])
    } catch (problem) {
      const listed = problem instanceof ApiError ? problem.details.problems : undefined
      setProblems(Array.isArray(listed) ? (listed as string[]) : [(problem as Error).message])
    } finally {
      setBusy(false)
    }
  }
  const need = (what: string) => [{ required: true, message: `请填写${what}` }]
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={{ ...initial, orders: initial.orders ?? [], rules: rulesOf(initial), why: '' }}
      requiredMark={false}
    >
      <div className="source-grid">
        <Form.Item name="name" label="名称" rules={need('名称')}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="engine" label="类型">
          <Select options={optionsOf(ENGINE_NAMES)} />
        </Form.Item>
        <Form.Item name="url" label="网址" rules={need('网址')}>
          <Input spellCheck={false} />
        </Form.Item>
        <Form.Item name="owner" label="责任处室" rules={need('责任处室')}>
          <Input />
        </Form.Item>
        <Form.Item name="basis" label="采集依据" rules={need('采集依据')} className="wide">
          <Input placeholder="如：公开页面，履行应急管理舆情处置职责" />
        </Form.Item>
      </div>
      {engine !== 'manual' && <Boards engine={engine} />}
      {shut.length > 0 && (
        <Alert
          type="error"
          showIcon
          className="gap-below"
          title={`robots.txt 不允许采集${shut.map(({ name }) => `「${name}」`).join('')}，请删去后再保存。`}
        />
      )}
      <div className="source-grid">
        <Form.Item name="delaySeconds" label="访问间隔（秒）" extra="两次访问之间至少隔这么久，默认 10">
          <InputNumber min={0} max={3600} />
        </Form.Item>
        <Form.Item name="dailyCeiling" label="每日访问上限（次）" extra="到了就停，次日再看">
          <InputNumber min={1} max={1_000_000} />
        </Form.Item>
        <Form.Item name="retentionDays" label="保存天数">
          <InputNumber min={1} max={3650} />
        </Form.Item>
        <Form.Item label="安静时段">
          <Select
            aria-label="安静时段"
            value={hours}
            onChange={setHours}
            options={
              QUIET.some(({ value }) => value === hours)
                ? QUIET
                : [...QUIET, { value: hours, label: hours.replace('-', ' 至 ') }]
            }
          />
        </Form.Item>
      </div>
      {SELECTED.includes(engine) && <Rules isForum={FORUMS.includes(engine)} />}
      {problems.map(problem => (
        <Alert key={problem} type="error" showIcon title={problem} className="gap-below" />
      ))}
      <div className="rule-propose">
        <Form.Item name="why" rules={[{ required: true, min: 2, message: '请写明原因' }]}>
          <Input aria-label="原因" placeholder={props.whyHint} maxLength={200} />
        </Form.Item>
        <Button type="primary" loading={busy} disabled={shut.length > 0} onClick={() => void save()}>
          {props.saveText}
        </Button>
      </div>
    </Form>
  )
}

const rulesOf = ({ selectors }: SourceDraft): Rule[] =>
  Object.entries(selectors ?? {}).map(([name, selector]) => ({ name, selector }))

/** For who keeps the readers: what this site's pages need otherwise than the engine's defaults. */
function Rules({ isForum }: { isForum: boolean }) {
  const rules = Form.useWatch('rules') as Rule[] | undefined
  return (
    <details className="source-rules" open={(rules?.length ?? 0) > 0}>
      <summary>读取规则（一般不用改）</summary>
      {isForum && (
        <Form.Item name="orders" label="看哪个列表" extra="不选为按最后回复；两个都看，访问次数加倍">
          <Select mode="multiple" options={optionsOf(LIST_ORDERS)} placeholder="按最后回复" allowClear />
        </Form.Item>
      )}
      <Form.List name="rules">
        {(fields, { add, remove }) => (
          <fieldset className="source-boards" aria-label="选择器">
            <legend>选择器（{fields.length}）</legend>
            <p className="muted">网站改版、某一项读不出时由管理员改写；名称填错会列出可用的名称。</p>
            {fields.map(({ key, name }) => (
              <div key={key} className="source-board">
                <Form.Item name={[name, 'name']} rules={[{ required: true, message: '请填写名称' }]} noStyle>
                  <Input aria-label="选择器名称" placeholder="名称，如 body" spellCheck={false} />
                </Form.Item>
                <Form.Item name={[name, 'selector']} noStyle>
                  <Input aria-label="选择器" placeholder="CSS 选择器，多个用 || 隔开" spellCheck={false} />
                </Form.Item>
                <Button onClick={() => remove(name)} aria-label="删去这条选择器">
                  删去
                </Button>
              </div>
            ))}
            <Button size="small" onClick={() => add({ name: '', selector: '' })}>
              加一条选择器
            </Button>
          </fieldset>
        )}
      </Form.List>
    </details>
  )
}

const KEY_HINTS: Partial<Record<SourceDraft['engine'], string>> = {
  discuz: '版块编号，如 36',
  phpwind: '版块编号，如 103',
  hualongxiang: '版块编号，如 103',
  weibo: 'u:账号编号 或 q:关键词',
}

function Boards({ engine }: { engine: SourceDraft['engine'] }) {
  return (
    <Form.List name="boards">
      {(fields, { add, remove }) => (
        <fieldset className="source-boards" aria-label="版块">
          <legend>要看的版块（{fields.length}）</legend>
          {fields.map(({ key, name }) => (
            <div key={key} className="source-board">
              <Form.Item
                name={[name, 'name']}
                rules={[{ required: true, message: '请填写版块名称' }]}
                noStyle
              >
                <Input aria-label="版块名称" placeholder="名称，如 百姓呼声" />
              </Form.Item>
              <Form.Item
                name={[name, 'key']}
                rules={[{ required: true, message: '请填写编号或网址' }]}
                noStyle
              >
                <Input
                  aria-label="编号或网址"
                  placeholder={KEY_HINTS[engine] ?? '列表或订阅的网址'}
                  spellCheck={false}
                />
              </Form.Item>
              <Button onClick={() => remove(name)} aria-label="删去这个版块">
                删去
              </Button>
            </div>
          ))}
          <Button size="small" onClick={() => add({ key: '', name: '' })}>
            再加一个版块
          </Button>
        </fieldset>
      )}
    </Form.List>
  )
}
