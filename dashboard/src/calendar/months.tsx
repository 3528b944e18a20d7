import type { CalendarYear } from '../../../api/calendar/routes.ts'

const WEEK = ['一', '二', '三', '四', '五', '六', '日']
const two = (n: number) => String(n).padStart(2, '0')

/** 1 = Monday. */
const columnOf = (day: string): number => ((new Date(day).getUTCDay() + 6) % 7) + 1

interface Cell {
  day: string
  date: number
  kind: 'off' | 'work' | 'weekend' | 'plain'
  title: string
}

/** The year's own days by month, Monday first; an override of the bureau wins over the notice. */
function cellsOf(year: CalendarYear, month: number): Cell[] {
  const first = new Date(Date.UTC(year.year, month, 1)).getUTCDay()
  const count = new Date(Date.UTC(year.year, month + 1, 0)).getUTCDate()
  return Array.from({ length: count }, (_, i): Cell => {
    const day = `${year.year}-${two(month + 1)}-${two(i + 1)}`
    const weekend = (first + i) % 7 === 0 || (first + i) % 7 === 6
    const own = year.overrides.findLast(override => override.day === day)
    if (own) return { day, date: i + 1, kind: own.workday ? 'work' : 'off', title: `本局调整：${own.reason}` }
    const name = year.names[day]
    if (name) return { day, date: i + 1, kind: 'off', title: `${name}放假` }
    if (year.work.includes(day)) return { day, date: i + 1, kind: 'work', title: '调休上班' }
    return { day, date: i + 1, kind: weekend ? 'weekend' : 'plain', title: weekend ? '周末' : '工作日' }
  })
}

export function Months({ year, today }: { year: CalendarYear; today: string }) {
  return (
    <div className="months">
      {Array.from({ length: 12 }, (_, month) => (
        <section key={`${year.year}-${two(month + 1)}`} className="month" aria-label={`${month + 1}月`}>
          <h2>{month + 1} 月</h2>
          <div className="days">
            {WEEK.map(name => (
              <span key={name} className="week">
                {name}
              </span>
            ))}
            {cellsOf(year, month).map((cell, i) => (
              <span
                key={cell.day}
                title={`${cell.day} ${cell.title}`}
                className={`day ${cell.kind} ${cell.day === today ? 'today' : ''}`}
                style={i ? undefined : { gridColumnStart: columnOf(cell.day) }}
              >
                {cell.date}
                {cell.kind === 'off' && <small>休</small>}
                {cell.kind === 'work' && <small>班</small>}
              </span>
            ))}
          </div>
        </section>
      ))}
    </div>
  )
}
