import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, Radio, Select } from 'antd'
import { useEffect, useState } from 'react'
import type { ReplyTemplate } from '../../../api/replies/routes.ts'
import type { SlipDetail, TextView } from '../../../api/slips/routes.ts'
import { PRIVATE_REASONS, REPLY_MODES, TEXT_PURPOSES, type TextPurpose } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'
import { dateTime } from '../format.ts'
import { Changes } from '../ui/changes.tsx'
import { optionsOf } from '../ui/options.ts'
import { useAct } from '../ui/use-act.ts'
import { useBase } from '../ui/use-base.ts'
import { useKept } from '../ui/use-kept.ts'
import { Hints, useHints } from './hints.tsx'

/** What the slip waits for a text of: 重大 first its opinion, else what was written last. */
function purposeOf(slip: SlipDetail): TextPurpose {
  const last = slip.texts.findLast(({ round }) => round === slip.round)
  if (slip.level === 'major' && slip.reports.length < 2) return 'opinion'
  return last && last.purpose !== 'opinion' ? last.purpose : 'reply'
}

/** What was written and not saved yet. */
type Unsaved = Pick<TextView, 'body' | 'mode' | 'privateReason'> & { reason: string }

/**
 * The place where a text is written: every save is a version; the last one can be sent for review. What is not saved is
 * kept on this computer.
 */
export function Draft({ slip }: { slip: SlipDetail }) {
  const act = useAct()
  const [purpose, setPurpose] = useState(() => purposeOf(slip))
  const nameOf = (kind: TextPurpose) => `draft ${slip.id} ${slip.round} ${kind}`
  const { found, keep, peek } = useKept<Unsaved>(nameOf(purpose))
  const latestOf = ({ texts, round }: SlipDetail, kind: TextPurpose) =>
    texts.findLast(text => text.round === round && text.purpose === kind)
  const latest = latestOf(slip, purpose)
  /** The version that the desk was filled with. */
  const [from, setFrom] = useState(latest)
  const [body, setBody] = useState(found?.body ?? latest?.body ?? '')
  const [mode, setMode] = useState(found?.mode ?? latest?.mode ?? 'public')
  const [privateReason, setPrivateReason] = useState(
    found ? found.privateReason : (latest?.privateReason ?? null),
  )
  const [reason, setReason] = useState(found?.reason ?? latest?.reason ?? '')
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const says = (text: TextView | undefined) =>
    (text?.body ?? '') === body &&
    (text?.mode ?? mode) === mode &&
    (text?.privateReason ?? null) === privateReason &&
    (text?.reason ?? '') === reason
  const saved = latest !== undefined && says(latest)
  const untouched = says(from)
  const unsaved = !saved && !untouched
  const [restored, setRestored] = useState(found !== null && unsaved)
  useEffect(
    () => keep(unsaved ? { body, mode, privateReason, reason } : null),
    [keep, unsaved, body, mode, privateReason, reason],
  )
  const base = useBase(slip, unsaved)
  const hints = useHints(body, purpose !== 'opinion' && mode === 'public')
  const templates = useQuery({
    queryKey: ['reply-templates'],
    queryFn: () => get<ReplyTemplate[]>('/api/reply-templates'),
  }).data?.filter(({ active }) => active)

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (problem) {
      setError((problem as Error).message)
      await base.renewIfStale(problem)
    } finally {
      setBusy(false)
    }
  }
  const save = async () => {
    const next = await act(base.slip, 'saveText', {
      purpose,
      body,
      mode: purpose === 'none' ? 'none' : mode,
      ...(mode === 'private' && privateReason && { privateReason }),
      ...(reason.trim() && { reason: reason.trim() }),
    })
    setFrom(latestOf(next, purpose))
  }
  const fill = (text: TextView | undefined, kind: TextPurpose) => {
    setFrom(text)
    setBody(text?.body ?? '')
    setMode(text?.mode ?? (kind === 'none' ? 'none' : 'public'))
    setPrivateReason(text?.privateReason ?? null)
    setReason(text?.reason ?? '')
    setRestored(false)
  }
  const choose = (next: TextPurpose) => {
    setPurpose(next)
    fill(latestOf(slip, next), next)
    const left = peek(nameOf(next))
    if (!left) return
    setBody(left.body)
    setMode(left.mode)
    setPrivateReason(left.privateReason)
    setReason(left.reason)
    setRestored(true)
  }
  // Somebody else saved a newer one, and nothing was typed here.
  if (untouched && latest && latest.id !== from?.id) fill(latest, purpose)
  const returned = slip.history.findLast(({ action }) => action === 'return' || action === 'sendForReview')
  return (
    <section className="panel" aria-label="拟稿">
      <div className="panel-head">
        <h2>拟稿</h2>
        <span className="grow" />
        {templates && templates.length > 0 && purpose !== 'opinion' && (
          <Select
            aria-label="套用模板"
            placeholder="套用模板"
            value={null}
            options={templates.map(({ id, name, hint }) => ({ value: id, label: name, title: hint }))}
            // What was written stays above: a template only adds.
            onChange={id =>
              setBody([body.trim(), templates.find(each => each.id === id)?.body].filter(Boolean).join('\n'))
            }
            style={{ width: 180 }}
          />
        )}
        <Select
          aria-label="文稿种类"
          value={purpose}
          options={optionsOf(TEXT_PURPOSES)}
          onChange={choose}
          style={{ width: 130 }}
        />
      </div>
      {returned?.action === 'return' && (
        <Alert
          type="warning"
          showIcon
          className="gap-below"
          title={`${returned.by}退回修改：${String(returned.detail.reason ?? '')}`}
        />
      )}
      {restored && unsaved && (
        <Alert
          type="info"
          showIcon
          className="gap-below"
          title="已恢复您上次没有保存的文字。"
          action={
            <Button size="small" onClick={() => fill(latest, purpose)}>
              不要了
            </Button>
          }
        />
      )}
      <Input.TextArea
        aria-label="文稿"
        autoSize={{ minRows: 7, maxRows: 24 }}
        placeholder={purpose === 'none' ? '写明不回复的理由，经审核同意后登记' : '您好，…'}
        value={body}
        onChange={event => setBody(event.target.value)}
      />
      <div className="draft-line">
        {purpose !== 'none' && purpose !== 'opinion' && (
          <Radio.Group
            aria-label="回复方式"
            value={mode}
            options={optionsOf(REPLY_MODES).filter(({ value }) => value !== 'none')}
            onChange={event => setMode(event.target.value)}
          />
        )}
        {mode === 'private' && (
          <Select
            aria-label="不公开的理由"
            placeholder="不公开的理由"
            value={privateReason}
            options={optionsOf(PRIVATE_REASONS)}
            onChange={setPrivateReason}
            style={{ width: 140 }}
          />
        )}
        {mode === 'private' && (
          <Input
            aria-label="理由说明"
            placeholder={privateReason === 'other' ? '请写明理由' : '理由说明（可不填）'}
            value={reason}
            onChange={event => setReason(event.target.value)}
            style={{ width: 200 }}
          />
        )}
        <span className="grow" />
        <span className="muted">{body.length} 字</span>
      </div>
      <Hints hints={hints} />
      {latest && !saved && body.trim() && (
        <div className="inset gap-above">
          <div className="muted">与第 {latest.number} 稿相比</div>
          <Changes from={latest.body} to={body} />
        </div>
      )}
      {error && <Alert type="error" showIcon title={error} className="gap-above" />}
      <div className="row-actions gap-above">
        <Button
          type={saved ? 'default' : 'primary'}
          disabled={!body.trim() || saved}
          loading={busy && !saved}
          onClick={() => attempt(save)}
        >
          保存文稿
        </Button>
        {slip.allowed.includes('sendForReview') && (
          <Button
            type={saved ? 'primary' : 'default'}
            disabled={!saved || busy || hints.some(({ kind }) => kind === 'blank')}
            onClick={() => attempt(() => act(slip, 'sendForReview', { textId: latest?.id }))}
          >
            送审
          </Button>
        )}
        <span className="muted">
          {latest
            ? `第 ${latest.number} 稿，${latest.author.name} ${dateTime(latest.savedAt)} 保存`
            : '还没有保存过'}
          {slip.reviewer && ` · 送${slip.reviewer.name}审核`}
        </span>
      </div>
    </section>
  )
}
