import { useQuery } from '@tanstack/react-query'
import { Empty } from 'antd'
import { Link, useSearchParams } from 'react-router'
import type { DeadlineRow } from '../../../api/deadlines/routes.ts'
import { get } from '../api.ts'
import { Due } from '../ui/due.tsx'
import { PageHead } from '../ui/head.tsx'
import { ListPanel } from '../ui/list-panel.tsx'
import { LevelPill, StatePill } from '../ui/pills.tsx'
import { slipColumns } from '../ui/slip-columns.tsx'

const URGENCY = {
  overdue: '已超期',
  today: '今天到期',
  tomorrow: '明天到期',
  later: '以后到期',
  none: '按上级要求',
} as const
type Urgency = keyof typeof URGENCY
const TONES: Record<Urgency, string> = {
  overdue: 'red',
  today: 'amber',
  tomorrow: 'amber',
  later: '',
  none: '',
}

/** Every running clock of the bureau, the nearest first; a figure narrows the list. */
export function Deadlines() {
  const [params, setParams] = useSearchParams()
  const asked = params.get('only')
  const only = asked && asked in URGENCY ? (asked as Urgency) : null
  const setOnly = (next: Urgency | null) => setParams(next ? { only: next } : {}, { replace: true })
  const { data, isPending } = useQuery({
    queryKey: ['deadlines'],
    queryFn: () => get<DeadlineRow[]>('/api/deadlines'),
    refetchInterval: 30_000,
  })
  const rows = (data ?? []).filter(({ urgency }) => only === null || urgency === only)
  const empty = <Empty description={only ? `没有${URGENCY[only]}的处理单。` : '没有在计时的处理单。'} />
  return (
    <>
      <PageHead title="期限看板" hint="从发现之日起按工作日计算；点时限看算法" />
      <div className="figures">
        {(Object.keys(URGENCY) as Urgency[]).map(urgency => {
          const count = (data ?? []).filter(row => row.urgency === urgency).length
          return (
            <button
              type="button"
              key={urgency}
              className={`figure ${count ? TONES[urgency] : ''}`}
              aria-pressed={only === urgency}
              onClick={() => setOnly(only === urgency ? null : urgency)}
            >
              <b>{data ? count : '–'}</b>
              <span>{URGENCY[urgency]}</span>
            </button>
          )
        })}
      </div>
      <ListPanel
        items={rows}
        keyOf={row => row.slipId}
        isPending={isPending}
        empty={empty}
        card={row => (
          <>
            <Link to={`/slips/${row.slipId}`}>{row.title}</Link>
            <div className="post-meta">
              <StatePill status={row.status} />
              <LevelPill level={row.level} />
              <Due slipId={row.slipId} dueAt={row.dueAt} provisional={row.provisional} />
            </div>
            <div className="post-meta">
              <span>{row.waitingFor}</span>
              <span>{row.unit}</span>
            </div>
          </>
        )}
        columns={[
          {
            title: '时限',
            width: 216,
            render: (_, row) => (
              <>
                <Due slipId={row.slipId} dueAt={row.dueAt} provisional={row.provisional} />{' '}
                {row.extended && <span className="pill">已延期</span>}
              </>
            ),
          },
          {
            title: '处理单',
            render: (_, row) => (
              <>
                <Link to={`/slips/${row.slipId}`}>{row.title}</Link>
                <div className="post-meta">
                  <span className="number">{row.number}</span>
                  <span>{row.unit}</span>
                </div>
              </>
            ),
          },
          ...slipColumns<DeadlineRow>(),
        ]}
      />
    </>
  )
}
