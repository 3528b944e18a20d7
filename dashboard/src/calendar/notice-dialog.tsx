import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Input, Modal } from 'antd'
import { useState } from 'react'
import type { NoticeReading } from '../../../api/calendar/routes.ts'
import type { CalendarPreview } from '../../../api/deadlines/routes.ts'
import { ApiError, post } from '../api.ts'
import { FileButton } from '../ui/file-button.tsx'
import { Moves } from './moves.tsx'

/** `2027-02-05`, `…-06`, … as runs of days with their holiday. */
function runsOf(off: NoticeReading['off']): { name: string; from: string; to: string; days: number }[] {
  const runs: { name: string; from: string; to: string; days: number }[] = []
  for (const { day, name } of off) {
    const last = runs.at(-1)
    const next = last && Date.parse(day) - Date.parse(last.to) === 86_400_000
    if (last && next && last.name === name) {
      last.to = day
      last.days++
    } else runs.push({ name, from: day, to: day, days: 1 })
  }
  return runs
}

/** A text file of this country's Windows: UTF-8, else GBK. */
async function wordsOf(file: File): Promise<string> {
  const bytes = await file.arrayBuffer()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

/** Pasting a year's notice: read, shown with every deadline that moves, and only then entered. */
export function NoticeDialog({ year, onClose }: { year: number; onClose(): void }) {
  const queries = useQueryClient()
  const [text, setText] = useState('')
  const [number, setNumber] = useState('')
  const [source, setSource] = useState('')
  const [preview, setPreview] = useState<(NoticeReading & { moves: CalendarPreview | null }) | null>(null)
  const [error, setError] = useState<string | null>(null)

  const [busy, setBusy] = useState(false)
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true)
    try {
      await work()
      setError(null)
    } catch (problem) {
      const problems = problem instanceof ApiError ? (problem.details.problems as string[] | undefined) : null
      setError([(problem as Error).message, ...(problems ?? [])].join('\n'))
    } finally {
      setBusy(false)
    }
  }
  const read = () =>
    attempt(async () => {
      const found = await post<NoticeReading>(`/api/calendar/${year}/read`, { text })
      const { notice, off, work } = found
      // What does not fit together cannot be counted with: its problems are shown instead.
      const moves = found.problems.length
        ? null
        : await post<CalendarPreview>('/api/deadlines/preview', { year, notice, off, work })
      setPreview({ ...found, moves })
      setNumber(notice ?? number)
    })
  const enter = () =>
    attempt(async () => {
      await post(`/api/calendar/${year}`, {
        notice: number.trim(),
        sources: source.trim() ? [source.trim()] : [],
        off: preview?.off ?? [],
        work: preview?.work ?? [],
        reason: `录入${year}年放假通知`,
      })
      for (const key of ['calendar', 'deadlines', 'slips', 'slip', 'tasks'])
        void queries.invalidateQueries({ queryKey: [key] })
      onClose()
    })
  return (
    <Modal open width={680} title={`录入 ${year} 年放假调休通知`} footer={null} onCancel={onClose}>
      <Input.TextArea
        aria-label="通知全文"
        placeholder="把国务院办公厅通知的全文粘贴到这里，或选择文本文件"
        autoSize={{ minRows: 5, maxRows: 10 }}
        value={text}
        onChange={event => {
          setText(event.target.value)
          setPreview(null)
        }}
      />
      <div className="row-actions gap-above">
        <Button type={preview ? 'default' : 'primary'} disabled={!text.trim()} onClick={() => void read()}>
          试读
        </Button>
        <FileButton
          label="选择文本文件"
          accept=".txt,text/plain"
          onFiles={async ([file]) => {
            if (file) setText(await wordsOf(file))
            setPreview(null)
          }}
        />
      </div>
      {preview && (
        <div className="gap-above">
          {preview.problems.map(problem => (
            <Alert key={problem} type="warning" showIcon title={problem} className="gap-below" />
          ))}
          <dl className="fields">
            {runsOf(preview.off).map(run => (
              <div key={run.from} style={{ display: 'contents' }}>
                <dt>{run.name}</dt>
                <dd className="number">
                  {run.from} 至 {run.to}，{run.days} 天
                </dd>
              </div>
            ))}
            <dt>调休上班</dt>
            <dd className="number">{preview.work.join('、') || '无'}</dd>
          </dl>
          {preview.moves && <Moves preview={preview.moves} />}
          <Input
            aria-label="文号"
            prefix="文号"
            className="gap-above"
            value={number}
            onChange={event => setNumber(event.target.value)}
          />
          <Input
            aria-label="网址"
            prefix="网址"
            className="gap-above"
            placeholder="通知在政府网站上的地址（可不填）"
            value={source}
            onChange={event => setSource(event.target.value)}
          />
        </div>
      )}
      {error && (
        <Alert type="error" showIcon title={<span className="text">{error}</span>} className="gap-above" />
      )}
      {preview && (
        <Button
          type="primary"
          className="gap-above"
          loading={busy}
          disabled={!preview.off.length || number.trim().length < 4}
          onClick={() => void enter()}
        >
          确认录入
        </Button>
      )}
    </Modal>
  )
}
