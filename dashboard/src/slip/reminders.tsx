import { useQuery } from '@tanstack/react-query'
import type { SlipDetail, SlipReminder } from '../../../api/slips/routes.ts'
import { get } from '../api.ts'
import { dateTime } from '../format.ts'

/** Whom the rung told, beside whoever holds the slip. */
const RUNGS = ['', '处室负责人', '分管领导', '办公室主任'] as const

/** S-33: every reminder of the slip, how far it climbed, who acknowledged it and when. */
export function Reminders({ slip }: { slip: SlipDetail }) {
  const { data } = useQuery({
    queryKey: ['slip', slip.id, 'reminders', slip.version],
    queryFn: () => get<SlipReminder[]>(`/api/slips/${slip.id}/reminders`),
  })
  if (!data?.length) return null
  return (
    <section className="panel" aria-label="时限提醒">
      <h2>时限提醒</h2>
      {data.toReversed().map(({ label, sentAt, rung, acknowledged }) => (
        <div key={`${sentAt} ${label}`} className="entry">
          <b>{label}</b>
          <div className="muted number">{dateTime(sentAt)} 发出</div>
          {rung > 0 && <div className="muted">无人确认，已上报至{RUNGS[rung]}</div>}
          {acknowledged.length ? (
            acknowledged.map(({ by, at }) => (
              <div key={by.id} className="approved-inline">
                {by.name} {dateTime(at)} 确认
              </div>
            ))
          ) : (
            <span className="pill amber">未确认</span>
          )}
        </div>
      ))}
    </section>
  )
}
