import { useQuery } from '@tanstack/react-query'
import { Empty, Skeleton } from 'antd'
import { useState } from 'react'
import { Link, Navigate, useNavigate, useParams } from 'react-router'
import type { EventDetail } from '../../../api/events/routes.ts'
import { get } from '../api.ts'
import { Acts } from '../events/acts.tsx'
import { Decisions } from '../events/decisions.tsx'
import { EventGrowth } from '../events/growth.tsx'
import { EventPostList, type PostFilter } from '../events/posts.tsx'
import { dateTime } from '../format.ts'
import { PostRow } from '../post-row.tsx'
import { Growth } from '../ui/growth.tsx'
import { PageHead } from '../ui/head.tsx'
import { StatePill } from '../ui/pills.tsx'
import { Pills } from './events.tsx'

/** One matter that several posts tell of: how it began, where it stands, how it grew, and who answers it. */
export function Event() {
  const id = Number(useParams().id)
  const navigate = useNavigate()
  const [filter, setFilter] = useState<PostFilter>({})
  const { data: event, error } = useQuery({
    queryKey: ['event', id],
    queryFn: () => get<EventDetail>(`/api/events/${id}`),
  })
  if (error)
    return (
      <div className="panel">
        <Empty description={error.message} />
      </div>
    )
  if (!event) return <Skeleton active paragraph={{ rows: 8 }} />
  // It was merged: its posts are there now.
  if (event.id !== id) return <Navigate to={`/events/${event.id}`} replace />
  const readFirst = () => void navigate(`/posts?post=${event.firstPost.id}`)
  return (
    <>
      <PageHead title="事件" hint={<Link to="/events">返回事件列表</Link>}>
        <Acts event={event} />
      </PageHead>
      <section className="panel" aria-label="概况">
        <h2 className="event-title">{event.title}</h2>
        <div className="post-meta">
          <Pills event={event} />
          {event.topics.length > 0 && <span>{event.topics.join('、')}</span>}
        </div>
      </section>
      <div className="figures">
        <Figure value={event.posts} label={event.copies ? `条帖子，其中重复 ${event.copies}` : '条帖子'} />
        <Figure value={event.sources} label="个信源" />
        <Figure value={event.last24h} label="条在近 24 小时">
          <Growth now={event.last24h} before={event.before24h} />
        </Figure>
        {event.growth.peak && (
          <Figure
            value={event.growth.peak.posts}
            label={`条，高峰 ${dateTime(event.growth.peak.from).slice(5, event.growth.unit === 'hour' ? 16 : 10)}`}
          />
        )}
      </div>
      <div className="event-columns">
        <div>
          <EventGrowth event={event} filter={filter} onFilter={setFilter} />
          <EventPostList event={event} filter={filter} onFilter={setFilter} />
        </div>
        <div>
          <section className="panel flush" aria-label="首帖">
            <h2 className="panel-title">首帖</h2>
            <PostRow item={event.firstPost} current={false} onPick={readFirst} />
          </section>
          <Sources event={event} filter={filter} onFilter={setFilter} />
          <section className="panel" aria-label="处理单">
            <h2>处理单</h2>
            {!event.slipList.length && <p className="muted">还没有处理单。</p>}
            {event.slipList.map(slip => (
              <div key={slip.id} className="line-row">
                <Link to={`/slips/${slip.id}`}>{slip.title}</Link>
                <StatePill status={slip.status} />
              </div>
            ))}
          </section>
          <Decisions decisions={event.decisions} />
        </div>
      </div>
    </>
  )
}

function Figure(props: { value: number; label: string; children?: React.ReactNode }) {
  return (
    <div className="figure">
      <b>{props.value}</b>
      <span>
        {props.label} {props.children}
      </span>
    </div>
  )
}

function Sources(props: { event: EventDetail; filter: PostFilter; onFilter(filter: PostFilter): void }) {
  const { event, filter, onFilter } = props
  return (
    <section className="panel" aria-label="信源">
      <h2>信源</h2>
      {event.bySource.map(({ id, name, posts }) => (
        <button
          type="button"
          key={id}
          className="bar-row"
          aria-pressed={filter.source === id}
          onClick={() => onFilter(filter.source === id ? {} : { source: id, name })}
        >
          <span>{name}</span>
          <meter min={0} max={event.posts} value={posts} aria-hidden />
          <span className="number">{posts}</span>
        </button>
      ))}
    </section>
  )
}
