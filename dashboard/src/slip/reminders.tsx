import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import type { SlipDetail, SlipReminder } from '../../../api/slips/routes.ts'
import { get, post } from '../api.ts'
import { dateTime } from '../format.ts'
import { useFail } from '../ui/use-act.ts'

/** Whom the rung told, beside whoever holds the slip. */
const RUNGS = ['', '处室负责人', '分管领导', '办公室主任'] as const

/** S-33: every reminder of the slip, how far it climbed, who acknowledged it and when. */
export function Reminders({ slip }: { slip: SlipDetail }) {
  const queries = useQueryClient()
  const fail = useFail()
  const queryKey = ['slip', slip.id, 'reminders']
  const { data } = useQuery({
    queryKey,
    queryFn: () => get<SlipReminder[]>(`/api/slips/${slip.id}/reminders`),
    refetchInterval: 10_000,
  })
  async function acknowledge(noticeId: number): Promise<void> {
    await post(`/api/notices/${noticeId}/read`, { acknowledge: true }).catch(fail)
    await queries.invalidateQueries({ queryKey })
    await queries.invalidateQueries({ queryKey: ['notices'] })
  }
  if (!data?.length) return null
  return (
    <section className="panel" aria-label="时限提醒">
      <h2>时限提醒</h2>
      {data.toReversed().map(({ label, sentAt, rung, acknowledged, noticeId }) => (
        <div key={`${sentAt} ${label}`} className="entry">
          <b>{label}</b>
          <div className="muted number">{dateTime(sentAt)} 发出</div>
          {rung > 0 && <div className="muted">无人确认，已上报至{RUNGS[rung]}</div>}
          {acknowledged.map(({ by, at }) => (
            <div key={by.id} className="approved-inline">
              {by.name} {dateTime(at)} 确认
            </div>
          ))}
          {!acknowledged.length && (
            <div className="row-actions">
              <span className="pill amber">未确认</span>
              {noticeId !== null && (
                <Button size="small" onClick={() => void acknowledge(noticeId)}>
                  知道了
                </Button>
              )}
            </div>
          )}
        </div>
      ))}
    </section>
  )
}
