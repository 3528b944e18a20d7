import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, AutoComplete, Button, Checkbox } from 'antd'
import { useState } from 'react'
import type { IntakeAnswer, IntakeFile, IntakePreview } from '../../../api/intake/routes.ts'
import { get, post } from '../api.ts'
import { dateTime, published } from '../format.ts'
import { FileButton } from '../ui/file-button.tsx'
import { isOffer } from '../ui/options.ts'

const bodyOf = (file: File): FormData => {
  const body = new FormData()
  body.append('file', file)
  return body
}

/** A table of posts: chosen, looked at row by row, and only then taken in. */
export function TableIntake({ places }: { places: string[] }) {
  const queries = useQueryClient()
  const [source, setSource] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const [preview, setPreview] = useState<IntakePreview | null>(null)
  const [skipBad, setSkipBad] = useState(false)
  const [anywhere, setAnywhere] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const [done, setDone] = useState<IntakeAnswer | null>(null)
  const [busy, setBusy] = useState(false)
  const named = source.trim()
  const work = async (task: (file: File) => Promise<void>) => {
    if (!file) return
    setBusy(true)
    try {
      await task(file)
      setError(null)
    } catch (problem) {
      setError((problem as Error).message)
    } finally {
      setBusy(false)
    }
  }
  const look = () =>
    work(async chosen => {
      setDone(null)
      setPreview(null)
      const url = `/api/intake/preview?source=${encodeURIComponent(named)}`
      setPreview(await post<IntakePreview>(url, bodyOf(chosen)))
    })
  const take = () =>
    work(async chosen => {
      const asked = new URLSearchParams({
        source: named,
        anywhere: String(anywhere),
        skipBad: String(skipBad),
      })
      setDone(await post<IntakeAnswer>(`/api/intake/files?${asked}`, bodyOf(chosen)))
      setPreview(null)
      for (const key of ['intake', 'sources', 'posts']) void queries.invalidateQueries({ queryKey: [key] })
    })
  return (
    <section className="panel" aria-label="表格导入">
      <p className="muted gap-below">
        支持 Excel（.xlsx）和 CSV（UTF-8、GBK 均可）。第一行是表头，至少要有「内容」一列。
        <a href="/api/intake/template.xlsx">下载 Excel 模板</a>
        {' · '}
        <a href="/api/intake/template.csv">下载 CSV 模板</a>
      </p>
      <div className="intake-ask">
        <AutoComplete
          aria-label="来自"
          placeholder="来自，如：12345 政务服务热线"
          value={source}
          onChange={value => {
            setSource(value ?? '')
            setPreview(null)
          }}
          options={places.map(value => ({ value }))}
          showSearch={{ filterOption: (typed, option) => isOffer(option?.value ?? '', typed) }}
        />
        <span className="row-actions">
          <FileButton
            label="选择表格"
            accept=".xlsx,.xls,.csv,.tsv,text/csv"
            onFiles={([chosen]) => {
              setFile(chosen ?? null)
              setPreview(null)
              setDone(null)
              setError(null)
            }}
          />
          <span className="muted">{file?.name ?? '还没有选择'}</span>
        </span>
        <Button
          type={preview ? 'default' : 'primary'}
          disabled={!file || !named}
          loading={busy && !preview}
          onClick={() => void look()}
        >
          预览
        </Button>
      </div>
      {error && <Alert type="error" showIcon title={error} className="gap-below" />}
      {done && (
        <Alert
          type="success"
          showIcon
          className="gap-below"
          title={`已导入：新增 ${done.added} 条，已有 ${done.known} 条，跳过 ${done.skipped} 行。`}
        />
      )}
      {preview && (
        <>
          <Preview preview={preview} />
          <div className="row-actions gap-above">
            {preview.bad > 0 && (
              <Checkbox checked={skipBad} onChange={event => setSkipBad(event.target.checked)}>
                跳过有误的 {preview.bad} 行
              </Checkbox>
            )}
            <Checkbox checked={anywhere} onChange={event => setAnywhere(event.target.checked)}>
              外地的文本（不看是否本地）
            </Checkbox>
            <Button
              type="primary"
              loading={busy}
              disabled={preview.fresh === 0 || (preview.bad > 0 && !skipBad)}
              onClick={() => void take()}
            >
              导入 {preview.fresh} 条
            </Button>
          </div>
        </>
      )}
      <Taken />
    </section>
  )
}

function Preview({ preview }: { preview: IntakePreview }) {
  const unread = preview.columns.filter(({ name, field }) => name && !field).map(({ name }) => name)
  return (
    <section aria-label="预览">
      <p>
        共 {preview.rows} 行：可新增 {preview.fresh} 条，系统里已有 {preview.known} 条，文件内重复{' '}
        {preview.repeated} 行，有误 <b>{preview.bad}</b> 行
        {preview.encoding && `（按 ${preview.encoding.toUpperCase()} 读取）`}
      </p>
      {unread.length > 0 && <p className="muted">这些列没有用到：{unread.join('、')}</p>}
      {preview.problems.length > 0 && (
        <div className="intake-table">
          <table aria-label="有误的地方">
            <thead>
              <tr>
                <th>行</th>
                <th>列</th>
                <th>怎么改</th>
              </tr>
            </thead>
            <tbody>
              {preview.problems.map(({ row, column, message }) => (
                <tr key={`${row}${column}`}>
                  <td className="number">{row}</td>
                  <td className="number">{column}</td>
                  <td>{message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {preview.samples.length > 0 && (
        <div className="intake-table">
          <table aria-label="将要导入">
            <thead>
              <tr>
                <th>行</th>
                <th>内容</th>
                <th>作者</th>
                <th>发布时间</th>
              </tr>
            </thead>
            <tbody>
              {preview.samples.map(sample => (
                <tr key={sample.row}>
                  <td className="number">{sample.row}</td>
                  <td>
                    {sample.title && <b>{sample.title}　</b>}
                    {sample.text}
                  </td>
                  <td>{sample.author ?? '—'}</td>
                  <td className="number">
                    {sample.publishedAt === null
                      ? '未填'
                      : published(sample.publishedAt, sample.publishedPrecision)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function Taken() {
  const { data } = useQuery({
    queryKey: ['intake'],
    queryFn: () => get<IntakeFile[]>('/api/intake/files'),
  })
  if (!data?.length) return null
  return (
    <section aria-label="最近导入">
      <h2 className="form-part">最近导入</h2>
      {data.map(file => (
        <div key={file.id} className="floor">
          {file.source}：{file.fileName}
          <span className="muted">
            {' '}
            {file.person} {dateTime(file.at)}，{file.rows} 行，新增 {file.added} 条
            {file.skipped > 0 && `，跳过 ${file.skipped} 行`}
          </span>
        </div>
      ))}
    </section>
  )
}
