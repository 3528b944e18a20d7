import { Popover } from 'antd'
import type { PatrolDay, PatrolMonth } from '../../../api/patrol/routes.ts'
import { dateTime } from '../format.ts'

const STATES: Record<PatrolDay['state'], string> = {
  complete: '完整',
  partial: '部分',
  missing: '未登记',
  none: '',
}
const MARKS: Record<PatrolDay['state'], string> = { complete: '✓', partial: '半', missing: '缺', none: '' }

const told = ({ day, state, by, at, found, missing }: PatrolDay): string =>
  [
    `${day} ${STATES[state] || '不要求'}`,
    by && `${by} ${dateTime(at)}`,
    by && `发现 ${found} 条`,
    missing.length ? `没看 ${missing.join('、')}` : null,
  ]
    .filter(Boolean)
    .join('，')

/** A row a unit, a box a day, the rate of complete days beside it; a day of one's own unit can be made good. */
export function PatrolGrid(props: {
  month: PatrolMonth
  ownUnit: number | undefined
  onDay?(day: string): void
}) {
  const { month, ownUnit, onDay } = props
  return (
    <div className="patrol">
      {month.units.map(({ unit, days, expected, complete, rate }) => (
        <section key={unit.id} aria-label={unit.name} className="patrol-unit">
          <div className="patrol-name">
            <b>{unit.name}</b>
            <span className={`number ${rate !== null && rate < 1 ? 'late' : 'muted'}`}>
              {rate === null ? '—' : `${(rate * 100).toFixed(1)}%（${complete}/${expected}）`}
            </span>
          </div>
          <div className="patrol-days">
            {days.map(day => (
              <Popover key={day.day} content={told(day)} trigger={['hover', 'click']}>
                <button
                  type="button"
                  className={`patrol-day ${day.state}`}
                  aria-label={`${unit.name} ${told(day)}`}
                  onClick={() => {
                    if (onDay && unit.id === ownUnit && day.state !== 'complete') onDay(day.day)
                  }}
                >
                  <small>{Number(day.day.slice(8))}</small>
                  {MARKS[day.state]}
                </button>
              </Popover>
            ))}
          </div>
        </section>
      ))}
    </div>
  )
}
