import { useQuery } from '@tanstack/react-query'
import { Alert, Drawer, Skeleton } from 'antd'
import { Link } from 'react-router'
import type { Measure, Statistics, StatisticsSlips } from '../../../api/statistics/routes.ts'
import { get } from '../api.ts'
import { dateTime } from '../format.ts'
import { LevelPill, StatePill } from '../ui/pills.tsx'
import { nameOf } from './figures.ts'

/** The slips behind one number. */
export function Behind(props: {
  statistics: Statistics
  measure: Measure
  /** null = of all groups together. */
  groupKey: string | null
  onClose(): void
}) {
  const { statistics, measure, groupKey, onClose } = props
  const { from, to, group, rows, measures } = statistics
  const query = new URLSearchParams({ from, to, group, measure })
  if (groupKey !== null) query.set('key', groupKey)
  const { data, error } = useQuery({
    queryKey: ['statistics', 'slips', query.toString()],
    queryFn: () => get<StatisticsSlips>(`/api/statistics/slips?${query}`),
  })
  const label = rows.find(({ key }) => key === groupKey)?.label
  return (
    <Drawer
      open
      size={560}
      onClose={onClose}
      title={`${label ? `${label}：` : ''}${nameOf(measures[measure])}${data ? ` ${data.total} 件` : ''}`}
      className="behind"
    >
      <p className="muted gap-below">{measures[measure]}</p>
      {error && <Alert type="error" showIcon title={error.message} />}
      {!data && !error && <Skeleton active />}
      {data && data.total > data.items.length && (
        <Alert type="info" title={`只列出前 ${data.items.length} 件，请缩短期间或按分类查看。`} />
      )}
      {data?.items.map(slip => (
        <div key={slip.id} className="card-row flush-row">
          <Link to={`/slips/${slip.id}`}>{slip.title}</Link>
          <div className="post-meta">
            <span className="number">{slip.number}</span>
            <LevelPill level={slip.level} />
            <StatePill status={slip.status} />
            {slip.onTime !== null && (
              <span className={`pill ${slip.onTime ? 'green' : 'red'}`}>{slip.onTime ? '按时' : '超期'}</span>
            )}
          </div>
          <div className="post-meta">
            <span>{slip.leadUnit?.name ?? slip.unit.name}</span>
            <span className="number">发现 {dateTime(slip.foundAt)}</span>
          </div>
        </div>
      ))}
    </Drawer>
  )
}
