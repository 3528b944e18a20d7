import { useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input, Modal, Popconfirm, Radio } from 'antd'
import { useState } from 'react'
import type { CalendarYear } from '../../../api/calendar/routes.ts'
import type { CalendarPreview } from '../../../api/deadlines/routes.ts'
import { post, remove } from '../api.ts'
import { useFail } from '../ui/use-act.ts'
import { DayInput } from '../ui/when.tsx'
import { Moves } from './moves.tsx'

interface Values {
  day: string
  workday: boolean
  reason: string
  basis: string
}

/** 本局调整: a working day closed or a day off worked, with its basis; 办公室 proposes, 办公室主任 approves or takes back. */
export function Overrides({
  year,
  mayPropose,
  mayApprove,
}: {
  year: CalendarYear
  mayPropose: boolean
  mayApprove: boolean
}) {
  const queries = useQueryClient()
  const fail = useFail()
  const [adding, setAdding] = useState(false)
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work()
      setAdding(false)
    } catch (problem) {
      fail(problem)
    }
    for (const key of ['calendar', 'deadlines']) void queries.invalidateQueries({ queryKey: [key] })
  }
  return (
    <section className="panel" aria-label="本局调整">
      <div className="panel-head">
        <h2>本局调整</h2>
        <span className="grow" />
        {mayPropose && (
          <Button size="small" onClick={() => setAdding(true)}>
            新增
          </Button>
        )}
      </div>
      {!year.overrides.length && <p className="muted">没有。遇停电、灾害等停办或加班，经批准后在此登记。</p>}
      {year.overrides.map(override => (
        <div key={override.id} className="floor">
          <b className="number">{override.day}</b>{' '}
          <span className={`pill ${override.workday ? 'amber' : 'green'}`}>
            {override.workday ? '上班' : '放假'}
          </span>{' '}
          {override.reason} {!override.approved && <span className="pill amber">待批准</span>}
          <div className="muted">
            依据：{override.basis}{' '}
            {mayApprove && !override.approved && (
              <Popconfirm
                title="批准这条调整？在办时限将重新计算。"
                okText="批准"
                cancelText="不"
                onConfirm={() => attempt(() => post(`/api/calendar/overrides/${override.id}/approve`, {}))}
              >
                <Button size="small" type="link">
                  批准
                </Button>
              </Popconfirm>
            )}
            {mayApprove && (
              <Popconfirm
                title="撤销这条调整？在办时限将重新计算。"
                okText="撤销"
                cancelText="不"
                onConfirm={() => attempt(() => remove(`/api/calendar/overrides/${override.id}`))}
              >
                <Button size="small" type="link">
                  撤销
                </Button>
              </Popconfirm>
            )}
          </div>
        </div>
      ))}
      {adding && (
        <AddDialog
          onClose={() => setAdding(false)}
          onAdd={values => attempt(() => post('/api/calendar/overrides', values))}
        />
      )}
    </section>
  )
}

function AddDialog({ onClose, onAdd }: { onClose(): void; onAdd(values: Values): Promise<void> }) {
  const [form] = Form.useForm<Values>()
  const fail = useFail()
  const [moves, setMoves] = useState<CalendarPreview | null>(null)
  const preview = async () => {
    const { day, workday, reason } = form.getFieldsValue()
    try {
      const overrides = [{ day, workday, reason: reason ?? '' }]
      setMoves(day ? await post<CalendarPreview>('/api/deadlines/preview', { overrides }) : null)
    } catch (problem) {
      fail(problem)
    }
  }
  const required = (message: string) => [{ required: true, message }]
  return (
    <Modal
      open
      title="新增本局调整"
      okText="登记"
      cancelText="取消"
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ workday: false }}
        onFinish={onAdd}
        onValuesChange={changed => ('day' in changed || 'workday' in changed) && void preview()}
      >
        <Form.Item label="日期" name="day" rules={required('请选择日期')}>
          <DayInput />
        </Form.Item>
        <Form.Item label="这一天" name="workday">
          <Radio.Group
            options={[
              { value: false, label: '放假，不计入时限' },
              { value: true, label: '上班，计入时限' },
            ]}
          />
        </Form.Item>
        <Form.Item label="事由" name="reason" rules={required('请填写事由')}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item label="依据（批准人、文号）" name="basis" rules={required('请填写依据')}>
          <Input maxLength={500} />
        </Form.Item>
        {moves && <Moves preview={moves} />}
      </Form>
    </Modal>
  )
}
