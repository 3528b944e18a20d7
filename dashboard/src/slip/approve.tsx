import { Alert, App, Button, Input } from 'antd'
import { useEffect, useState } from 'react'
import type { SlipDetail, TextView } from '../../../api/slips/routes.ts'
import { REPLY_MODES, TEXT_PURPOSES } from '../../../api/vocabulary.ts'
import { dateTime } from '../format.ts'
import { Changes } from '../ui/changes.tsx'
import { useAct } from '../ui/use-act.ts'
import { useBase } from '../ui/use-base.ts'
import { useKept } from '../ui/use-kept.ts'
import { Hints, useHints } from './hints.tsx'

/** The approval, for a phone: the exact text, large buttons; a sentence can be put right on the spot (design §5.10). */
export function Approve({ slip }: { slip: SlipDetail }) {
  const act = useAct()
  const { message } = App.useApp()
  const { found, keep } = useKept<{ opinion: string; corrected: string | null }>(
    `approve ${slip.id} ${slip.round}`,
  )
  const [opinion, setOpinion] = useState(found?.opinion ?? '')
  const [corrected, setCorrected] = useState(found?.corrected ?? null)
  useEffect(
    () => keep(opinion || corrected !== null ? { opinion, corrected } : null),
    [keep, opinion, corrected],
  )
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const base = useBase(slip, corrected !== null)
  const text = slip.texts.findLast(({ round }) => round === slip.round)
  const hints = useHints(corrected ?? text?.body ?? '', text?.mode === 'public' && text.purpose !== 'opinion')
  if (!text) return null
  const changed = corrected !== null && corrected !== text.body

  async function approveText({ id, hash }: TextView, version: number): Promise<void> {
    const body = { textId: id, textHash: hash, opinion: opinion.trim() || '同意' }
    await act({ id: slip.id, version }, 'approve', body)
    keep(null)
    void message.success('已审核同意')
  }
  async function correctAndApprove(from: TextView): Promise<void> {
    const { purpose, mode, privateReason, reason } = from
    const kept = { purpose, mode, ...(privateReason && { privateReason }), ...(reason && { reason }) }
    const body = { ...kept, body: corrected ?? from.body }
    const saved = await act(base.slip, 'saveText', body)
    setCorrected(null)
    await approveText(saved.texts.findLast(({ round }) => round === saved.round) ?? from, saved.version)
  }
  async function sendBack(): Promise<void> {
    await act(slip, 'return', { reason: opinion.trim() })
    keep(null)
    void message.success('已退回修改')
  }
  async function attempt(work: () => Promise<unknown>): Promise<void> {
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (problem) {
      setError((problem as Error).message)
      await base.renew()
    } finally {
      setBusy(false)
    }
  }

  return (
    <section className="panel approve" aria-label="审核">
      <div className="panel-head">
        <h2>
          请审核{TEXT_PURPOSES[text.purpose]}（第 {text.number} 稿）
        </h2>
        <span className="muted">
          {text.purpose !== 'opinion' && `${REPLY_MODES[text.mode]} · `}
          {text.author.name} {dateTime(text.savedAt)} 拟
        </span>
      </div>
      {corrected === null ? (
        <div className="text inset approve-text">{text.body}</div>
      ) : (
        <Input.TextArea
          aria-label="修改文稿"
          className="approve-text"
          autoFocus
          autoSize={{ minRows: 6 }}
          value={corrected}
          onChange={event => setCorrected(event.target.value)}
        />
      )}
      <Hints hints={hints} />
      {changed && (
        <section className="inset gap-above" aria-label="改动">
          <Changes from={text.body} to={corrected} />
        </section>
      )}
      <Input.TextArea
        className="gap-above"
        aria-label="审核意见"
        placeholder="审核意见（退回时必填）"
        autoSize={{ minRows: 1 }}
        value={opinion}
        onChange={event => setOpinion(event.target.value)}
      />
      {error && <Alert type="error" showIcon title={error} className="gap-above" />}
      <div className="approve-actions">
        <Button
          type="primary"
          size="large"
          loading={busy}
          onClick={() => attempt(() => (changed ? correctAndApprove(text) : approveText(text, slip.version)))}
        >
          {changed ? '改后同意' : '同意'}
        </Button>
        {slip.allowed.includes('saveText') && (
          <Button size="large" onClick={() => setCorrected(corrected === null ? text.body : null)}>
            {corrected === null ? '改几个字' : '不改了'}
          </Button>
        )}
        <Button danger size="large" disabled={!opinion.trim() || busy} onClick={() => attempt(sendBack)}>
          退回修改
        </Button>
      </div>
    </section>
  )
}
