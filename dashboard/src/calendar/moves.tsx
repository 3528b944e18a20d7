import type { CalendarPreview } from '../../../api/deadlines/routes.ts'
import { deadline } from '../format.ts'

/** What a change of the calendar would do to open deadlines, before it is entered. */
export function Moves({ preview }: { preview: CalendarPreview }) {
  const { moved, total, checked } = preview
  if (!total) return <p className="gap-above">在办处理单 {checked} 件，时限都不变。</p>
  return (
    <section className="gap-above" aria-label="时限变动">
      <b>
        {checked} 件在办处理单中，{total} 件的时限会变：
      </b>
      {moved.map(move => (
        <p key={`${move.slipId} ${move.round}`}>
          {move.number ?? '草稿'} {move.title}
          <span className="number">
            {' '}
            {move.from ? deadline(move.from) : '未定'} → <b>{move.to ? deadline(move.to) : '未定'}</b>
          </span>
        </p>
      ))}
      {moved.length < total && <p className="muted">其余 {total - moved.length} 件未列出。</p>}
    </section>
  )
}
