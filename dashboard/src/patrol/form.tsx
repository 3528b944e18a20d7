import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Checkbox, Input, InputNumber } from 'antd'
import { useState } from 'react'
import type { PatrolToday } from '../../../api/patrol/routes.ts'
import { post } from '../api.ts'

/** One tick a source; the key ones first, since without them the day stays 部分. */
export function PatrolForm({ today, day }: { today: PatrolToday; day: string }) {
  const queries = useQueryClient()
  const [ticked, setTicked] = useState<string[]>([])
  const [found, setFound] = useState(0)
  const [note, setNote] = useState('')
  const [error, setError] = useState<string | null>(null)
  const [done, setDone] = useState<string[] | null>(null)
  const sources = [...today.sources].sort((a, b) => Number(b.key) - Number(a.key))
  const left = sources.filter(({ id, key }) => key && !ticked.includes(id))

  async function send(): Promise<void> {
    try {
      const body = { day, sourceIds: ticked, found, ...(note.trim() && { note: note.trim() }) }
      const { missing } = await post<{ missing: string[] }>('/api/patrol', body)
      setError(null)
      setDone(missing)
      setTicked([])
      setNote('')
      await queries.invalidateQueries({ queryKey: ['patrol'] })
    } catch (problem) {
      setError((problem as Error).message)
    }
  }
  if (!sources.length) return <Alert type="info" title="还没有登记信源，请办公室先在「信源」里添加。" />
  return (
    <>
      <Checkbox.Group
        className="ticks"
        value={ticked}
        onChange={setTicked}
        options={sources.map(({ id, name, key }) => ({
          value: id,
          label: (
            <>
              {name} {key && <span className="pill amber">重点</span>}
            </>
          ),
        }))}
      />
      <div className="row-actions gap-above">
        <Button
          size="small"
          onClick={() => setTicked(ticked.length === sources.length ? [] : sources.map(({ id }) => id))}
        >
          {ticked.length === sources.length ? '全不选' : '全部看过'}
        </Button>
        <span>
          发现{' '}
          <InputNumber aria-label="发现条数" min={0} value={found} onChange={value => setFound(value ?? 0)} />{' '}
          条
        </span>
        <Input
          aria-label="备注"
          placeholder="备注（可不填）"
          style={{ maxWidth: 320 }}
          value={note}
          onChange={event => setNote(event.target.value)}
        />
      </div>
      {ticked.length > 0 && left.length > 0 && (
        <Alert
          type="warning"
          showIcon
          className="gap-above"
          title={`重点信源还没看：${left.map(({ name }) => name).join('、')}；登记后为「部分」`}
        />
      )}
      {error && <Alert type="error" showIcon title={error} className="gap-above" />}
      {done && (
        <Alert
          type={done.length ? 'warning' : 'success'}
          showIcon
          className="gap-above"
          title={done.length ? `已登记，还缺：${done.join('、')}` : '已登记，完整'}
        />
      )}
      <Button type="primary" className="gap-above" disabled={!ticked.length} onClick={() => void send()}>
        登记巡查
      </Button>
    </>
  )
}
