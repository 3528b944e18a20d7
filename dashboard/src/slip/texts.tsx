import { Checkbox, Typography } from 'antd'
import { useState } from 'react'
import type { SlipDetail, TextView } from '../../../api/slips/routes.ts'
import { PRIVATE_REASONS, REPLY_MODES, TEXT_PURPOSES } from '../../../api/vocabulary.ts'
import { dateTime } from '../format.ts'
import { Changes } from '../ui/changes.tsx'

/** Before and after. */
const COPY = ['复制文稿', '已复制'] as [string, string]

/** Every version of every text, the newest first, with what changed since the one before. */
export function Texts({ slip }: { slip: SlipDetail }) {
  const [tracked, setTracked] = useState(true)
  if (!slip.texts.length) return null
  const before = (text: TextView) =>
    slip.texts.findLast(
      each => each.round === text.round && each.purpose === text.purpose && each.number === text.number - 1,
    )
  const several = slip.texts.some(({ number }) => number > 1)
  return (
    <section className="panel" aria-label="文稿">
      <div className="panel-head">
        <h2>文稿</h2>
        <span className="muted">{slip.texts.length} 稿</span>
        <span className="grow" />
        {several && (
          <Checkbox checked={tracked} onChange={event => setTracked(event.target.checked)}>
            显示改动
          </Checkbox>
        )}
      </div>
      {slip.texts.toReversed().map(text => {
        const earlier = before(text)
        return (
          <article key={text.id} className="entry">
            <div className="post-meta">
              <span>
                {slip.round > 1 && `第 ${text.round} 轮 `}
                {TEXT_PURPOSES[text.purpose]}第 {text.number} 稿
              </span>
              <span>
                {text.savedBy.name} {text.savedBy.id === text.author.id ? '' : '修改 '}
                {dateTime(text.savedAt)}
              </span>
              <span>
                {text.purpose !== 'opinion' && REPLY_MODES[text.mode]}
                {text.privateReason && `（${PRIVATE_REASONS[text.privateReason]}）`}
              </span>
            </div>
            {tracked && earlier ? (
              <Changes from={earlier.body} to={text.body} />
            ) : (
              <div className="text">{text.body}</div>
            )}
            {text.approval && (
              <div className="approved">
                {text.approval.by.name}
                {text.approval.forName && `（代${text.approval.forName}）`} 审核同意：{text.approval.opinion}
                <span className="muted number"> {dateTime(text.approval.at)}</span>{' '}
                <Typography.Text copyable={{ text: text.body, icon: COPY, tooltips: COPY }} />
              </div>
            )}
          </article>
        )
      })}
    </section>
  )
}
