import { useQuery } from '@tanstack/react-query'
import { Empty, Segmented, Skeleton } from 'antd'
import { useState } from 'react'
import type { DeliveryView } from '../../../api/notices/routes.ts'
import { DELIVERY_STATES, type DeliveryState, NOTICE_TOPICS } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'
import { dateTime } from '../format.ts'
import { optionsOf } from '../ui/options.ts'

const TONES: Record<DeliveryState, string> = { waiting: 'blue', sent: 'green', failed: 'red' }

/** What was sent, what waits, what failed and why. */
export function Deliveries() {
  const [state, setState] = useState<DeliveryState | 'all'>('all')
  const { data } = useQuery({
    queryKey: ['notice-deliveries', state],
    queryFn: () => get<DeliveryView[]>(`/api/notice-deliveries${state === 'all' ? '' : `?state=${state}`}`),
    refetchInterval: 10_000,
  })
  return (
    <>
      <div className="filters">
        <Segmented
          value={state}
          onChange={setState}
          options={[{ value: 'all', label: '全部' }, ...optionsOf(DELIVERY_STATES)]}
        />
      </div>
      <div className="panel flush">
        {!data && <Skeleton active className="pad" />}
        {data?.length === 0 && <Empty className="pad" description="没有发送记录。" />}
        {data?.map(each => (
          <div key={each.id} className="card-row">
            <b>{each.title}</b>
            <div className="post-meta">
              <span className={`pill ${TONES[each.state]}`}>{DELIVERY_STATES[each.state]}</span>
              <span>{NOTICE_TOPICS[each.topic]}</span>
              <span>{each.channel}</span>
              {each.person && <span>{each.person}</span>}
              <span className="number">
                {each.sentAt === null ? `下次 ${dateTime(each.nextAt)}` : dateTime(each.sentAt)}
              </span>
              {each.attempts > 1 && <span>试过 {each.attempts} 次</span>}
            </div>
            {each.error && <div className="late">{each.error}</div>}
          </div>
        ))}
      </div>
    </>
  )
}
