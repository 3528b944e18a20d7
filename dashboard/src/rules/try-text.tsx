import { Button, Input } from 'antd'
import { useState } from 'react'
import type { Analysis, Rule } from '../../../api/rules/routes.ts'
import { post } from '../api.ts'
import { Marked } from '../marked.tsx'
import { useFail } from '../ui/use-act.ts'

/** The rule as it stands in the form, tried on a pasted text together with all live rules. */
export function TryText({ read }: { read(): Promise<Rule> }) {
  const fail = useFail()
  const [text, setText] = useState('')
  const [tried, setTried] = useState<{ text: string; analysis: Analysis; rule: string } | null>(null)
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    try {
      const rule = await read()
      setTried({ text, rule: rule.id, analysis: await post<Analysis>('/api/rules/try', { text, rule }) })
    } catch (problem) {
      // A field that is wrong says so itself.
      if (problem instanceof Error) fail(problem)
    } finally {
      setBusy(false)
    }
  }
  const reasons = tried?.analysis.reasons.filter(({ kind }) => kind !== 'score') ?? []
  const spans = reasons.flatMap(reason => (reason.points > 0 ? reason.spans : []))
  return (
    <section className="inset" aria-label="试规则">
      <Input.TextArea
        aria-label="试规则的文字"
        placeholder="粘贴一段文字，看这条规则和现有规则一起怎么判断"
        autoSize={{ minRows: 2, maxRows: 8 }}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <Button className="gap-above" disabled={!text.trim()} loading={busy} onClick={() => void run()}>
        试一试
      </Button>
      {tried && (
        <div className="gap-above">
          <span className={`pill ${tried.analysis.flagged ? 'red' : ''}`}>
            {tried.analysis.flagged ? '会提示' : '不提示'}
          </span>{' '}
          {!reasons.some(({ rule }) => rule === tried.rule) && (
            <span className="pill amber">这条规则没有命中</span>
          )}
          <div className="text gap-above">
            <Marked text={tried.text} ranges={spans.filter(span => span.field === 'text')} />
          </div>
          <ul>
            {reasons.map(reason => (
              <li key={reason.message}>{reason.message}</li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}
