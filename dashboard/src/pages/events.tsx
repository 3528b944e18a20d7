import { useQuery } from '@tanstack/react-query'
import { Empty, Segmented } from 'antd'
import { Link, useSearchParams } from 'react-router'
import type { EventItem, EventList } from '../../../api/events/routes.ts'
import { EVENT_CLASSES } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'
import { ago, dateTime } from '../format.ts'
import { Growth } from '../ui/growth.tsx'
import { PageHead } from '../ui/head.tsx'
import { ListPanel } from '../ui/list-panel.tsx'

const PERIODS = [
  { value: 1, label: '24 小时' },
  { value: 7, label: '7 天' },
  { value: 30, label: '30 天' },
]

/** What several posts tell of the same matter, the fastest growing first. */
export function Events() {
  const [params, setParams] = useSearchParams()
  const days = Number(params.get('days')) || 7
  const { data, isPending, error } = useQuery({
    queryKey: ['events', days],
    queryFn: () => get<EventList>(`/api/events?days=${days}`),
    refetchInterval: 60_000,
  })
  const items = data?.items ?? []
  const empty = (
    <Empty
      description={
        error?.message ?? '这段时间没有事件。讲同一件事的帖子达到两条时自动归为事件，也可以在帖子里建立。'
      }
    />
  )
  return (
    <>
      <PageHead title="事件" hint="多条帖子讲同一件事归为一个事件；近 24 小时增长快的在前">
        <Segmented
          aria-label="时间范围"
          value={days}
          onChange={value => setParams({ days: String(value) }, { replace: true })}
          options={PERIODS}
        />
      </PageHead>
      <ListPanel
        items={items}
        keyOf={event => event.id}
        isPending={isPending}
        empty={empty}
        card={event => <Card event={event} />}
        columns={[
          {
            title: '事件',
            render: (_, event) => (
              <>
                <Link to={`/events/${event.id}`}>{event.title}</Link>
                <div className="post-meta">
                  <Pills event={event} />
                </div>
              </>
            ),
          },
          { title: '帖子', width: 108, render: (_, event) => <Size event={event} /> },
          { title: '信源', width: 72, dataIndex: 'sources', className: 'number' },
          {
            title: '近 24 小时',
            width: 156,
            render: (_, { last24h, before24h }) => (
              <>
                {last24h} 条 <Growth now={last24h} before={before24h} />
              </>
            ),
          },
          {
            title: '首帖',
            width: 144,
            render: (_, { firstAt }) => <span className="number">{dateTime(firstAt)}</span>,
          },
          {
            title: '最新',
            width: 144,
            render: (_, { lastAt }) => <span className="number">{ago(lastAt, Date.now())}</span>,
          },
        ]}
      />
    </>
  )
}

const Size = ({ event: { posts, copies } }: { event: EventItem }) => (
  <>
    {posts} 条{copies > 0 && <div className="muted">重复 {copies}</div>}
  </>
)

/** What kind of matter it is, where, and whether somebody is on it. */
export function Pills({ event }: { event: EventItem }) {
  return (
    <>
      {event.severityHint === 3 && <span className="pill red">可能重大</span>}
      {event.eventClass && <span className="pill blue">{EVENT_CLASSES[event.eventClass]}</span>}
      {event.districts.length > 0 && <span>{event.districts.join('、')}</span>}
      {event.slips > 0 && <span className="pill green">处理单 {event.slips}</span>}
      {event.hand && <span className="pill">人工核定</span>}
    </>
  )
}

function Card({ event }: { event: EventItem }) {
  return (
    <>
      <Link to={`/events/${event.id}`}>{event.title}</Link>
      <div className="post-meta">
        <span>
          {event.posts} 条 · {event.sources} 个信源
        </span>
        <span>
          近 24 小时 {event.last24h} 条 <Growth now={event.last24h} before={event.before24h} />
        </span>
      </div>
      <div className="post-meta">
        <Pills event={event} />
        <span>{ago(event.lastAt, Date.now())}</span>
      </div>
    </>
  )
}
