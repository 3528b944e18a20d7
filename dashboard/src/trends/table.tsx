import type { TrendAnswer } from '../../../api/trends/routes.ts'
import { Growth } from '../ui/growth.tsx'
import { DIMENSIONS, nameOf } from './bars.ts'
import type { Counted } from './list.tsx'
import type { Weeks } from './period.ts'

/** Every value with its figures; each figure opens the posts that it counted. */
export function TrendTable(props: {
  answer: TrendAnswer
  period: { from: string; to: string }
  weeks: Weeks
  onOpen(counted: Counted): void
}) {
  const { answer, period, weeks, onOpen } = props
  const { dimension, rows } = answer
  return (
    <table className="figures-table">
      <thead>
        <tr>
          <th>{DIMENSIONS[dimension]}</th>
          <th>本期</th>
          <th>近 7 天</th>
          <th>前 7 天</th>
          <th>变化</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => {
          const name = nameOf(dimension, row)
          const cell = (posts: number, span: { from: string; to: string }, what: string) => (
            <td>
              <button
                type="button"
                className="count-link"
                aria-label={`${name} ${what} ${posts} 条`}
                onClick={() => onOpen({ values: [row.value], ...span })}
              >
                {posts}
              </button>
            </td>
          )
          return (
            <tr key={row.value}>
              <th scope="row">{name}</th>
              {cell(row.total, period, '本期')}
              {cell(row.week, weeks.last, '近 7 天')}
              {cell(row.weekBefore, weeks.before, '前 7 天')}
              <td>
                <Growth now={row.week} before={row.weekBefore} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
