import type { EventDetail } from '../../../api/events/routes.ts'
import { dateTime } from '../format.ts'
import { Chart } from '../ui/chart.tsx'
import { usePhone } from '../ui/use-phone.ts'
import type { PostFilter } from './posts.tsx'

/** Posts per hour while it is young, per day after; a bar shows its posts below. */
export function EventGrowth(props: {
  event: EventDetail
  filter: PostFilter
  onFilter(filter: PostFilter): void
}) {
  const { event, onFilter } = props
  const phone = usePhone()
  const { bars, unit } = event.growth
  const nameOf = (from: number) =>
    unit === 'hour' ? `${dateTime(from).slice(5, 13)}时` : dateTime(from).slice(5, 10)
  return (
    <section className="panel" aria-label="增长曲线">
      <div className="panel-head">
        <h2>增长曲线</h2>
        <span className="muted">每{unit === 'hour' ? '小时' : '天'}的帖子，点柱形看帖子</span>
      </div>
      <Chart
        label={`每${unit === 'hour' ? '小时' : '天'}的帖子：${bars
          .filter(({ posts }) => posts > 0)
          .map(({ from, posts }) => `${nameOf(from)} ${posts} 条`)
          .join('，')}`}
        height={phone ? 170 : 200}
        ticks={bars.map(({ from }) => nameOf(from))}
        series={[{ name: '帖子', values: bars.map(({ posts }) => posts), colour: '#1d5bb8' }]}
        onPick={(_, at) => {
          const bar = bars[at]
          if (bar) onFilter({ from: bar.from, to: bar.to, name: nameOf(bar.from) })
        }}
      />
    </section>
  )
}
