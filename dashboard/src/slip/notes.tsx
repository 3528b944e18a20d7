import type { SlipDetail } from '../../../api/slips/routes.ts'
import { TEXT_PURPOSES } from '../../../api/vocabulary.ts'
import { dateTime } from '../format.ts'

/** 批示 of leaders, above everything that follows from them; 会签 names the version it was given to. */
export function Notes({ slip }: { slip: SlipDetail }) {
  if (!slip.notes.length) return null
  const versionOf = (textId: number | null) => {
    const text = slip.texts.find(({ id }) => id === textId)
    return text ? `${TEXT_PURPOSES[text.purpose]}第 ${text.number} 稿` : ''
  }
  return (
    <section className="panel" aria-label="批示和会签">
      <h2>批示和会签</h2>
      {slip.notes.toReversed().map(({ id, kind, textId, body, by, forName, at }) => (
        <div key={id} className="entry">
          <div className="post-meta">
            <span className={`pill ${kind === 'instruction' ? 'red' : 'blue'}`}>
              {kind === 'instruction' ? '批示' : '会签'}
            </span>
            <span>
              {by.name}
              {forName && `（代${forName}）`}
            </span>
            <span className="number">{dateTime(at)}</span>
            {kind === 'countersign' && <span>{versionOf(textId)}</span>}
          </div>
          <div className="text">{body}</div>
        </div>
      ))}
    </section>
  )
}
