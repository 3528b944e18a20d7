import { useQuery } from '@tanstack/react-query'
import { Popover, Skeleton } from 'antd'
import type { ClockView, SlipDetail } from '../../../api/slips/routes.ts'
import { get } from '../api.ts'
import { dateTime, deadline, shanghaiDay } from '../format.ts'

type Tone = '' | 'amber' | 'red' | 'green'
const DAY_MS = 86_400_000

/** How near the end is: red when over, amber on the last two days; a stopped clock keeps its verdict. */
export function dueTone(
  clock: { dueAt: number | null; stoppedAt?: number | null; onTime?: boolean | null },
  now: number,
): Tone {
  if (clock.stoppedAt) return clock.onTime === false ? 'red' : 'green'
  if (clock.dueAt === null) return ''
  if (now >= clock.dueAt) return 'red'
  return clock.dueAt - now <= 2 * DAY_MS ? 'amber' : ''
}

/** `今天到期`, `明天到期`, `已超期 3 小时`; empty where there is more time. */
export function dueWords(dueAt: number | null, now: number): string {
  if (dueAt === null) return ''
  if (now >= dueAt) {
    const hours = Math.floor((now - dueAt) / 3_600_000)
    return hours < 24 ? `已超期 ${Math.max(1, hours)} 小时` : `已超期 ${Math.floor(hours / 24)} 天`
  }
  const day = shanghaiDay(dueAt - 1)
  if (day === shanghaiDay(now)) return '今天到期'
  return day === shanghaiDay(now + DAY_MS) ? '明天到期' : ''
}

/** The clock's sum, day by day; days off are counted as none. */
export function StepsSum({ clock }: { clock: ClockView }) {
  return (
    <div className="steps-sum">
      {clock.steps.map(step => (
        <div key={step.day} className={step.number === null ? 'off' : ''}>
          {step.text}
        </div>
      ))}
      {!clock.steps.length && <div>按上级要求的时限，不按工作日计算。</div>}
      {clock.provisional && <div className="pill amber">放假安排未公布，为暂定</div>}
      {clock.publicDueAt !== null && <div className="off">若从发帖起算：{deadline(clock.publicDueAt)}</div>}
      {clock.stoppedAt !== null && <div>停止计时 {dateTime(clock.stoppedAt)}</div>}
    </div>
  )
}

/** A deadline in a list: its colour says how near, a hover or tap shows the sum. */
export function Due(props: {
  slipId: number
  dueAt: number | null
  provisional?: boolean
  onTime?: boolean | null
}) {
  const { slipId, dueAt, provisional, onTime } = props
  if (dueAt === null && onTime === undefined) return <span className="muted">—</span>
  if (dueAt === null)
    return onTime === null ? (
      <span className="muted">—</span>
    ) : (
      <span className={`pill ${onTime ? 'green' : 'red'}`}>{onTime ? '按时答复' : '超期答复'}</span>
    )
  const now = Date.now()
  const words = dueWords(dueAt, now)
  return (
    <Popover trigger={['hover', 'click']} title="时限怎么算" content={<LoadedSum slipId={slipId} />}>
      <button type="button" className={`due ${dueTone({ dueAt }, now)}`}>
        {deadline(dueAt)}
        {words && ` ${words}`}
        {provisional && '（暂定）'}
      </button>
    </Popover>
  )
}

function LoadedSum({ slipId }: { slipId: number }) {
  const { data } = useQuery({
    queryKey: ['slip', slipId],
    queryFn: () => get<SlipDetail>(`/api/slips/${slipId}`),
  })
  const clock = data?.clocks.at(-1)
  if (!data) return <Skeleton active title={false} paragraph={{ rows: 3, width: 220 }} />
  return clock ? <StepsSum clock={clock} /> : <span className="muted">研判后开始计时。</span>
}
