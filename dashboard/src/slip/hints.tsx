import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ReplyHint } from '../../../api/replies/routes.ts'
import { post } from '../api.ts'

const LABELS: Record<ReplyHint['kind'], string> = {
  blank: '未填写',
  personal: '个人信息',
  promise: '承诺',
  tone: '语气',
  length: '篇幅',
}
const TONES: Partial<Record<ReplyHint['kind'], string>> = { blank: 'red', personal: 'red', promise: 'amber' }
const SETTLE_MS = 500

/** What the server's check finds in a text, once the fingers rest. */
export function useHints(body: string, isPublic: boolean): ReplyHint[] {
  const [settled, setSettled] = useState(body)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(body), SETTLE_MS)
    return () => window.clearTimeout(timer)
  }, [body])
  const { data } = useQuery({
    queryKey: ['reply-hints', settled, isPublic],
    queryFn: () => post<ReplyHint[]>('/api/replies/check', { body: settled, isPublic }),
    enabled: settled.trim() !== '',
    placeholderData: previous => previous,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return body.trim() ? (data ?? []) : []
}

/** Hints under a text; they say what to look at, the people decide. */
export function Hints({ hints }: { hints: ReplyHint[] }) {
  if (!hints.length) return null
  return (
    <section className="hints gap-above" aria-label="文稿检查">
      {hints.map(({ kind, words, advice }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same words may be found twice
        <div key={at}>
          <span className={`pill ${TONES[kind] ?? ''}`}>{LABELS[kind]}</span>{' '}
          {kind === 'blank' ? words : words && <q>{words}</q>} {advice}
        </div>
      ))}
    </section>
  )
}
