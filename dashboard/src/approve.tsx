import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Input } from 'antd'
import { useState } from 'react'
import type { SlipDetail } from '../../api/slips/routes.ts'
import { LEVELS, REPLY_MODES, TEXT_PURPOSES } from '../../api/vocabulary.ts'
import { post } from './api.ts'
import { dateTime, deadline } from './format.ts'

/** The approval, for a phone: the exact text, an opinion, two large buttons. */
export function Approve({ slip }: { slip: SlipDetail }) {
  const queries = useQueryClient()
  const [opinion, setOpinion] = useState('')
  const [error, setError] = useState<string | null>(null)
  const text = slip.texts.findLast(({ round }) => round === slip.round)
  if (!text) return null
  const decide = async (action: 'approve' | 'return') => {
    try {
      const body =
        action === 'approve'
          ? { version: slip.version, textId: text.id, textHash: text.hash, opinion: opinion.trim() || '同意' }
          : { version: slip.version, reason: opinion.trim() }
      queries.setQueryData(
        ['slip', slip.id],
        await post<SlipDetail>(`/api/slips/${slip.id}/actions/${action}`, body),
      )
      await queries.invalidateQueries({ queryKey: ['tasks'] })
    } catch (problem) {
      setError((problem as Error).message)
      await queries.invalidateQueries({ queryKey: ['slip', slip.id] })
    }
  }
  return (
    <section className="panel approve" aria-label="审核">
      <h2>
        请审核：{TEXT_PURPOSES[text.purpose]}（第 {text.number} 稿）
      </h2>
      <p className="muted">
        {slip.level && LEVELS[slip.level]} · {REPLY_MODES[text.mode]} · 拟稿 {text.author.name}{' '}
        {dateTime(text.savedAt)} · 时限 {deadline(slip.dueAt)}
      </p>
      <div className="text panel" style={{ background: '#f8fafc' }}>
        {text.body}
      </div>
      <Input.TextArea
        aria-label="审核意见"
        placeholder="审核意见（退回时必填）"
        autoSize={{ minRows: 2 }}
        value={opinion}
        onChange={event => setOpinion(event.target.value)}
      />
      {error && <Alert type="error" title={error} style={{ marginTop: 8 }} />}
      <div className="actions">
        <Button type="primary" autoInsertSpace={false} onClick={() => decide('approve')}>
          同意
        </Button>
        <Button danger autoInsertSpace={false} disabled={!opinion.trim()} onClick={() => decide('return')}>
          退回修改
        </Button>
      </div>
    </section>
  )
}
