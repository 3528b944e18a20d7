import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Badge, Button, Empty, Input, Modal, Radio, Segmented, Tag } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import type { PostItem, TriageAnswer } from '../../../api/posts/routes.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { DISMISS_REASONS, type DismissReason } from '../../../api/vocabulary.ts'
import { get, post } from '../api.ts'
import { published } from '../format.ts'
import { Marked } from '../marked.tsx'
import { PostPanel } from '../post-detail.tsx'

const VIEWS = [
  { value: 'open', label: '待处理' },
  { value: 'new', label: '上次以来新增' },
  { value: 'dismissed', label: '不予处理' },
]

export function Triage() {
  const [view, setView] = useState('open')
  const [at, setAt] = useState<number | null>(null)
  const [dismissing, setDismissing] = useState<PostItem | null>(null)
  const undone = useRef<{ id: number; version: number } | null>(null)
  const { message } = App.useApp()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { data } = useQuery({
    queryKey: ['triage', view],
    queryFn: () => get<TriageAnswer>(`/api/triage?view=${view}`),
    refetchInterval: 5_000,
  })
  const items = data?.items ?? []
  const index = Math.max(
    0,
    items.findIndex(({ id }) => id === at),
  )
  const current = items[index] ?? null
  const refresh = useCallback(() => queries.invalidateQueries({ queryKey: ['triage'] }), [queries])
  const fail = useCallback((problem: unknown) => void message.error((problem as Error).message), [message])

  const makeSlip = useCallback(
    async (item: PostItem) => {
      try {
        const body = { postIds: [item.id], foundHow: 'monitor' }
        const slip = await post<SlipDetail>('/api/slips', body, {
          'idempotency-key': `post-${item.id}-${item.flag?.version ?? 0}`,
        })
        await refresh()
        void navigate(`/slips/${slip.id}`)
      } catch (problem) {
        fail(problem)
      }
    },
    [navigate, refresh, fail],
  )
  const dismiss = async (item: PostItem, reason: DismissReason, note: string) => {
    try {
      const body = { reason, version: item.flag?.version ?? 0, ...(note && { note }) }
      const flag = await post<{ version: number }>(`/api/posts/${item.id}/dismiss`, body)
      undone.current = { id: item.id, version: flag.version }
      setDismissing(null)
      setAt(items[index + 1]?.id ?? items[index - 1]?.id ?? null)
      void message.info('已标为不予处理，按 u 撤销')
      await refresh()
    } catch (problem) {
      fail(problem)
    }
  }
  const undo = useCallback(async () => {
    const target = undone.current
    if (!target) return
    try {
      await post(`/api/posts/${target.id}/undo`, { version: target.version })
      undone.current = null
      setAt(target.id)
      await refresh()
    } catch (problem) {
      fail(problem)
    }
  }, [refresh, fail])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target, key } = event
      if (event.ctrlKey || event.metaKey || event.altKey || dismissing) return
      if (target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return
      if (key === 'j') setAt(items[Math.min(index + 1, items.length - 1)]?.id ?? null)
      else if (key === 'k') setAt(items[Math.max(index - 1, 0)]?.id ?? null)
      else if (key === 'd' && current) setDismissing(current)
      else if (key === 's' && current) void makeSlip(current)
      else if (key === 'u') void undo()
      else if (key === 'o' && current) window.open(current.url, '_blank', 'noopener')
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [items, index, current, dismissing, makeSlip, undo])

  return (
    <>
      <div className="actions">
        <Segmented options={VIEWS} value={view} onChange={value => setView(String(value))} />
        <Badge count={data?.open ?? 0} overflowCount={999} title="待处理" />
        {data && data.newestSeq > data.seenSeq && (
          <Button onClick={() => post('/api/triage/seen', { seq: data.newestSeq }).then(refresh)}>
            看到这里
          </Button>
        )}
        <span className="muted">
          <kbd>j</kbd> <kbd>k</kbd> 上下　<kbd>s</kbd> 做处理单　<kbd>d</kbd> 不予处理　<kbd>u</kbd> 撤销　
          <kbd>o</kbd> 原帖
        </span>
      </div>
      <div className="desk">
        <div className="panel" style={{ padding: 0 }}>
          {!items.length && (
            <Empty description="没有待处理的线索。新帖子读到后会自动出现在这里。" style={{ padding: 32 }} />
          )}
          {items.map(item => (
            <button
              type="button"
              key={item.id}
              className="row"
              aria-current={item.id === current?.id}
              onClick={() => setAt(item.id)}
            >
              <div className="title">
                {data && item.flag && item.flag.seq > data.seenSeq && <Tag color="blue">新</Tag>}
                <Marked
                  text={item.title ?? item.excerpt.slice(0, 40)}
                  ranges={item.title ? item.marks.filter(mark => mark.field === 'title') : []}
                />
              </div>
              <div className="muted">
                {item.source.name} · {published(item.publishedAt, item.publishedPrecision)} ·{' '}
                {item.flag?.unit?.name ?? '处室待定'}
                {item.flag && item.flag.copies > 0 ? ` · 另有 ${item.flag.copies} 条相同` : ''}
              </div>
              <div className="muted">{item.flag?.why[0]}</div>
              {item.flag?.state === 'dismissed' && item.flag.reason && (
                <div className="muted">
                  不予处理：{DISMISS_REASONS[item.flag.reason]}（{item.flag.decidedBy}）
                </div>
              )}
            </button>
          ))}
        </div>
        <div>
          {current && current.flag?.state === 'open' && (
            <div className="actions">
              <Button type="primary" onClick={() => makeSlip(current)}>
                做处理单
              </Button>
              <Button onClick={() => setDismissing(current)}>不予处理</Button>
            </div>
          )}
          <PostPanel id={current?.id ?? null} />
        </div>
      </div>
      {dismissing && <DismissDialog item={dismissing} onCancel={() => setDismissing(null)} onOk={dismiss} />}
    </>
  )
}

function DismissDialog(props: {
  item: PostItem
  onCancel(): void
  onOk(item: PostItem, reason: DismissReason, note: string): Promise<void>
}) {
  const [reason, setReason] = useState<DismissReason>('not_ours')
  const [note, setNote] = useState('')
  const codes = Object.keys(DISMISS_REASONS) as DismissReason[]
  useEffect(() => {
    const onKey = ({ key, target }: KeyboardEvent) => {
      const picked = codes[Number(key) - 1]
      if (picked && !(target instanceof HTMLInputElement && target.type === 'text')) setReason(picked)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
  return (
    <Modal
      open
      title="不予处理的理由"
      onCancel={props.onCancel}
      okText="确定"
      cancelText="取消"
      onOk={() => props.onOk(props.item, reason, note)}
    >
      <Radio.Group
        value={reason}
        onChange={event => setReason(event.target.value)}
        options={codes.map((value, i) => ({ value, label: `${i + 1} ${DISMISS_REASONS[value]}` }))}
        style={{ display: 'grid', gap: 8, marginBottom: 12 }}
      />
      <Input
        aria-label="说明"
        placeholder="说明（可不填）"
        value={note}
        onChange={event => setNote(event.target.value)}
      />
    </Modal>
  )
}
