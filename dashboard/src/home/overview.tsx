import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { DeadlineRow } from '../../../api/deadlines/routes.ts'
import type { EventList } from '../../../api/events/routes.ts'
import type { TrendAnswer } from '../../../api/trends/routes.ts'
import { get } from '../api.ts'
import { Pills } from '../pages/events.tsx'
import { Due } from '../ui/due.tsx'
import { Growth } from '../ui/growth.tsx'
import { LevelPill } from '../ui/pills.tsx'

const SHOWN = 5
const REFRESH_MS = 60_000

/** For a leader: what runs in his charge, what is due, what was flagged in the last seven days; every figure opens. */
export function Overview() {
  const clocks = useQuery({
    queryKey: ['deadlines'],
    queryFn: () => get<DeadlineRow[]>('/api/deadlines'),
    refetchInterval: REFRESH_MS,
  }).data
  const week = useQuery({
    queryKey: ['trends', 'week'],
    // Of the dimensions the one in which a post counts once.
    queryFn: () => get<TrendAnswer>('/api/trends?dimension=source&measure=flagged'),
    refetchInterval: REFRESH_MS,
  }).data?.all
  const events = useQuery({
    queryKey: ['events', 7, SHOWN],
    queryFn: () => get<EventList>(`/api/events?days=7&limit=${SHOWN}`),
    refetchInterval: REFRESH_MS,
  }).data?.items
  const count = (...of: DeadlineRow['urgency'][]) =>
    clocks?.filter(({ urgency }) => of.includes(urgency)).length
  return (
    <>
      <div className="figures overview">
        <Figure to="/deadlines" name="答复期内" value={count('today', 'tomorrow', 'later', 'none')} />
        <Figure to="/deadlines?only=today" name="今天到期" value={count('today')} tone="amber" />
        <Figure to="/deadlines?only=overdue" name="已超期" value={count('overdue')} tone="red" />
      </div>
      <section className="panel" aria-label="在办处理单">
        <div className="panel-head">
          <h2>在办处理单</h2>
          <span className="muted">时限最近的在前</span>
          <span className="grow" />
          <Link to="/slips?open=true">全部</Link>
        </div>
        {clocks?.length === 0 && <p className="muted">没有在计时的处理单。</p>}
        {clocks?.slice(0, SHOWN).map(row => (
          <div key={row.slipId} className="overview-row">
            <Link to={`/slips/${row.slipId}`}>{row.title}</Link>
            <div className="post-meta">
              <LevelPill level={row.level} />
              <span>{row.unit}</span>
              <span>等待{row.waitingFor}</span>
              <Due slipId={row.slipId} dueAt={row.dueAt} provisional={row.provisional} />
            </div>
          </div>
        ))}
      </section>
      <section className="panel" aria-label="近 7 天线索">
        <div className="panel-head">
          <h2>近 7 天线索</h2>
          {week && (
            <span>
              <b className="number">{week.week}</b> 条 <Growth now={week.week} before={week.weekBefore} />
            </span>
          )}
          <span className="grow" />
          <Link to="/trends">趋势</Link>
        </div>
        {events?.length === 0 && <p className="muted">没有多条帖子反映同一件事。</p>}
        {events?.map(event => (
          <div key={event.id} className="overview-row">
            <Link to={`/events/${event.id}`}>{event.title}</Link>
            <div className="post-meta">
              <span>
                {event.posts} 条 · {event.sources} 个信源
              </span>
              <Pills event={event} />
            </div>
          </div>
        ))}
      </section>
    </>
  )
}

function Figure(props: { to: string; name: string; value: number | undefined; tone?: string }) {
  const { to, name, value, tone } = props
  return (
    <Link to={to} className={`figure ${value ? (tone ?? '') : ''}`}>
      <b>{value ?? '–'}</b>
      <span>{name}</span>
    </Link>
  )
}
