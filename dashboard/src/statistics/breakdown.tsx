import { Empty, Table } from 'antd'
import type { Figures, Measure, Statistics } from '../../../api/statistics/routes.ts'
import { usePhone } from '../ui/use-phone.ts'
import { averageDays, COLUMNS, nameOf, percent } from './figures.ts'

interface Row extends Figures {
  key: string
  label: string
}
/** What the last row sums up; no group has this key. */
const TOTAL = ' '

type Open = (measure: Measure, key?: string) => void

/** One row a group, the sum below; a table at a desk, cards on a phone. */
export function Breakdown({ statistics, onOpen }: { statistics: Statistics; onOpen: Open }) {
  const phone = usePhone()
  const { rows, total, measures } = statistics
  if (!rows.length) return <Empty description="这段时间没有舆情处理单。" />
  const all: Row[] = [...rows, { key: TOTAL, label: '合计', ...total }]
  const names = COLUMNS.map(measure => ({ measure, name: nameOf(measures[measure]) }))
  if (phone)
    return all.map(row => (
      <article key={row.key} className="card-row flush-row">
        <b>{row.label}</b>
        <OnTime row={row} />
        <dl className="counts">
          {names.map(({ measure, name }) => (
            <div key={measure}>
              <dt>{name}</dt>
              <dd>
                <Count row={row} measure={measure} name={name} onOpen={onOpen} />
              </dd>
            </div>
          ))}
        </dl>
      </article>
    ))
  return (
    <Table
      size="middle"
      pagination={false}
      dataSource={all}
      rowClassName={row => (row.key === TOTAL ? 'total-row' : '')}
      columns={[
        { title: '', dataIndex: 'label', key: 'label' },
        ...names.map(({ measure, name }) => ({
          title: name,
          key: measure,
          align: 'right' as const,
          width: 76,
          render: (_: unknown, row: Row) => <Count row={row} measure={measure} name={name} onOpen={onOpen} />,
        })),
        {
          title: '平均用时',
          key: 'days',
          align: 'right' as const,
          width: 92,
          render: (_: unknown, row: Row) => <span className="number">{averageDays(row.averageDays)}</span>,
        },
        { title: '按时率', key: 'rate', width: 150, render: (_: unknown, row: Row) => <OnTime row={row} /> },
      ]}
    />
  )
}

function Count(props: { row: Row; measure: Measure; name: string; onOpen: Open }) {
  const { row, measure, name, onOpen } = props
  const count = row.counts[measure]
  if (!count) return <span className="muted number">0</span>
  return (
    <button
      type="button"
      className={`count-link ${measure === 'late' ? 'late' : ''}`}
      aria-label={`${row.label} ${name} ${count} 件`}
      onClick={() => onOpen(measure, row.key === TOTAL ? undefined : row.key)}
    >
      {count}
    </button>
  )
}

const OnTime = ({ row: { onTimeRate } }: { row: Row }) =>
  onTimeRate === null ? (
    <span className="muted">没有应办</span>
  ) : (
    <span className="rate">
      <meter min={0} max={1} value={onTimeRate} aria-label="按时率" />
      <span className="number">{percent(onTimeRate)}</span>
    </span>
  )
