import { useQueryClient } from '@tanstack/react-query'
import { Alert, AutoComplete, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { FOUND_HOWS, type FoundHow } from '../../../api/vocabulary.ts'
import { post } from '../api.ts'
import { fromInput } from '../format.ts'
import { isOffer, optionsOf } from '../ui/options.ts'
import { Pictures, type Uploaded } from '../ui/pictures.tsx'
import { useFail } from '../ui/use-act.ts'
import { useKept } from '../ui/use-kept.ts'
import { MomentInput } from '../ui/when.tsx'

interface Fields {
  source: string
  board?: string
  url?: string
  title?: string
  author?: string
  time?: string
  text: string
  uploads?: Uploaded[]
}

interface Taken {
  id: number
  added: boolean
}

/** One post that no crawler brings: a video, a note, a call. Link, words, screenshot; then a slip of it if need be. */
export function OnePost({ places }: { places: string[] }) {
  const [form] = Form.useForm<Fields>()
  const { found, keep } = useKept<Fields>('intake')
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const [taken, setTaken] = useState<Taken | null>(null)
  const save = async ({ time, ...fields }: Fields) => {
    setBusy(true)
    try {
      const said = Object.fromEntries(Object.entries(fields).filter(([, value]) => value))
      const body = { ...said, ...(time && { publishedAt: fromInput(time) }) }
      setTaken(await post<Taken>('/api/intake/posts', body))
      setError(null)
      // The next one often comes from the same place.
      form.setFieldsValue({ url: '', title: '', author: '', time: '', text: '', uploads: [] })
      keep(null)
      for (const key of ['posts', 'sources', 'triage']) void queries.invalidateQueries({ queryKey: [key] })
    } catch (problem) {
      setError((problem as Error).message)
      setTaken(null)
    } finally {
      setBusy(false)
    }
  }
  const need = (message: string) => [{ required: true, whitespace: true, message }]
  return (
    <section className="panel" aria-label="录入一条">
      {taken && <Saved key={taken.id} taken={taken} />}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={found ?? {}}
        onValuesChange={(_, values) => keep(values)}
        onFinish={save}
      >
        <div className="source-grid">
          <Form.Item name="source" label="来自" rules={need('请填写来自哪里')}>
            <AutoComplete
              placeholder="如：抖音、小红书等，来电，街道转来"
              options={places.map(value => ({ value }))}
              showSearch={{ filterOption: (typed, option) => isOffer(option?.value ?? '', typed) }}
            />
          </Form.Item>
          <Form.Item name="board" label="平台或版块">
            <Input placeholder="如：抖音" maxLength={60} />
          </Form.Item>
          <Form.Item name="url" label="链接" className="wide">
            <Input placeholder="https://…，没有可留空" spellCheck={false} />
          </Form.Item>
          <Form.Item name="author" label="作者或来电人">
            <Input placeholder="页面上显示的名字" maxLength={60} />
          </Form.Item>
          <Form.Item name="time" label="发布时间" extra="页面没有显示就留空，不要猜">
            <MomentInput />
          </Form.Item>
          <Form.Item name="title" label="标题" className="wide">
            <Input maxLength={200} />
          </Form.Item>
        </div>
        <Form.Item name="text" label="内容" rules={need('请填写内容')}>
          <Input.TextArea autoSize={{ minRows: 5, maxRows: 16 }} placeholder="帖子、视频文案或来电的全文" />
        </Form.Item>
        <Form.Item name="uploads" label="截图">
          <Pictures />
        </Form.Item>
        {error && <Alert type="error" showIcon title={error} className="gap-below" />}
        <Button type="primary" htmlType="submit" loading={busy}>
          录入
        </Button>
      </Form>
    </section>
  )
}

function Saved({ taken }: { taken: Taken }) {
  const navigate = useNavigate()
  const fail = useFail()
  const [how, setHow] = useState<FoundHow>('browse')
  const toSlip = async () => {
    try {
      const body = { postIds: [taken.id], foundHow: how }
      const slip = await post<SlipDetail>('/api/slips', body, { 'idempotency-key': `intake-${taken.id}` })
      await navigate(`/slips/${slip.id}`)
    } catch (problem) {
      fail(problem)
    }
  }
  return (
    <Alert
      type={taken.added ? 'success' : 'info'}
      showIcon
      className="gap-below"
      title={taken.added ? '已录入，分析后按规则提示。' : '这一条以前录入过，没有重复添加。'}
      description={
        <div className="row-actions">
          <Link to={`/posts?post=${taken.id}`}>查看</Link>
          <Select
            aria-label="发现方式"
            size="small"
            style={{ width: 120 }}
            value={how}
            onChange={setHow}
            options={optionsOf(FOUND_HOWS)}
          />
          <Button size="small" onClick={() => void toSlip()}>
            直接做成处理单
          </Button>
        </div>
      }
    />
  )
}
