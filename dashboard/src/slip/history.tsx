import { Timeline } from 'antd'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { CHECKLIST, type ChecklistRow } from '../../../api/vocabulary.ts'
import { dateTime } from '../format.ts'

/** Who did what and when, newest first; each line is a link of the hash chain. */
export function History({ slip }: { slip: SlipDetail }) {
  const items = slip.history.toReversed().map(entry => {
    const reason = entry.detail.reason ?? entry.detail.ground ?? entry.detail.opinion
    const ticked = ((entry.detail.checklist ?? []) as ChecklistRow[]).map(row => CHECKLIST[row].label)
    return {
      key: entry.seq,
      content: (
        <>
          <b>{entry.label}</b>　{entry.by}
          {entry.forName && `（代${entry.forName}）`}
          {ticked.length > 0 && <div className="text">核对：{ticked.join('；')}</div>}
          {typeof reason === 'string' && reason && <div className="text">{reason}</div>}
          <div className="muted number" title={`校验值 ${entry.hash}`}>
            {dateTime(entry.at)}
          </div>
        </>
      ),
    }
  })
  return (
    <section className="panel" aria-label="办理过程">
      <h2>办理过程</h2>
      <Timeline items={items} />
    </section>
  )
}
