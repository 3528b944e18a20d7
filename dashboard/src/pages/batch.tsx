import { useQueries, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Checkbox, Empty, Skeleton } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { SlipDetail, TaskView } from '../../../api/slips/routes.ts'
import { REPLY_MODES, TEXT_PURPOSES } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'
import { deadline } from '../format.ts'
import { isBatchable } from '../slip/batchable.ts'
import { PageHead } from '../ui/head.tsx'
import { useAct } from '../ui/use-act.ts'

/** Several texts read from top to bottom and approved with one thumb; each approval is bound to the text shown. */
export function Batch() {
  const act = useAct()
  const { message } = App.useApp()
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set())
  const [failed, setFailed] = useState<ReadonlyMap<number, string>>(new Map())
  const [busy, setBusy] = useState(false)
  const tasks = useQuery({ queryKey: ['tasks'], queryFn: () => get<TaskView[]>('/api/tasks') }).data
  const slips = useQueries({
    queries: (tasks ?? []).filter(isBatchable).map(({ slipId }) => ({
      queryKey: ['slip', slipId],
      queryFn: () => get<SlipDetail>(`/api/slips/${slipId}`),
    })),
    combine: results => results.flatMap(({ data }) => data ?? []),
  }).filter(({ allowed }) => allowed.includes('approve'))
  const chosen = slips.filter(({ id }) => !left.has(id))

  const toggle = (id: number) => {
    const next = new Set(left)
    if (!next.delete(id)) next.add(id)
    setLeft(next)
  }
  async function approveAll(): Promise<void> {
    setBusy(true)
    const problems = new Map<number, string>()
    for (const slip of chosen) {
      const text = underReview(slip)
      if (!text) continue
      try {
        await act(slip, 'approve', { textId: text.id, textHash: text.hash, opinion: '同意' })
      } catch (problem) {
        problems.set(slip.id, (problem as Error).message)
      }
    }
    setFailed(problems)
    setBusy(false)
    const done = chosen.length - problems.size
    if (done) void message.success(`已同意 ${done} 件`)
  }

  return (
    <>
      <PageHead title="批量审核" hint="一般性舆情；取消勾选的留待单独办理" />
      {!tasks && <Skeleton active />}
      {tasks && !slips.length && (
        <div className="panel">
          <Empty description="没有等您审核的一般性舆情。" />
        </div>
      )}
      {slips.map(slip => (
        <Item
          key={slip.id}
          slip={slip}
          checked={!left.has(slip.id)}
          problem={failed.get(slip.id)}
          onToggle={() => toggle(slip.id)}
        />
      ))}
      {slips.length > 0 && (
        <div className="thumb-bar">
          <Button
            type="primary"
            size="large"
            block
            loading={busy}
            disabled={!chosen.length}
            onClick={() => void approveAll()}
          >
            同意所选 {chosen.length} 件
          </Button>
        </div>
      )}
    </>
  )
}

const underReview = (slip: SlipDetail) => slip.texts.findLast(({ round }) => round === slip.round)

function Item(props: { slip: SlipDetail; checked: boolean; problem: string | undefined; onToggle(): void }) {
  const { slip, checked, problem, onToggle } = props
  const text = underReview(slip)
  const [post] = slip.entries
  if (!text) return null
  return (
    <section className="panel batch-item" aria-label={slip.title}>
      <Checkbox checked={checked} onChange={onToggle}>
        <b>{slip.title}</b>
      </Checkbox>
      <div className="post-meta">
        <Link to={`/slips/${slip.id}`}>{slip.number}</Link>
        <span>{slip.leadUnit?.name}</span>
        <span>时限 {deadline(slip.dueAt)}</span>
      </div>
      {post && <p className="batch-post">{post.text}</p>}
      <div className="inset">
        <div className="muted">
          {TEXT_PURPOSES[text.purpose]}第 {text.number} 稿 · {REPLY_MODES[text.mode]} · {text.author.name}
        </div>
        <div className="text approve-text">{text.body}</div>
      </div>
      {problem && <Alert type="error" showIcon title={problem} className="gap-above" />}
    </section>
  )
}
