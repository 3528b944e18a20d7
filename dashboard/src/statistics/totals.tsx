import type { Measure, Statistics } from '../../../api/statistics/routes.ts'
import { averageDays, percent } from './figures.ts'

/** The period's main figures, each over the way it is made. */
export function Totals({ statistics, onOpen }: { statistics: Statistics; onOpen(measure: Measure): void }) {
  const { total, measures, rates } = statistics
  const { counts } = total
  const figures: { name: string; value: string; formula: string; opens: Measure; tone?: string }[] = [
    { name: '受理', value: String(counts.received), formula: measures.received, opens: 'received' },
    {
      name: '按时率',
      value: percent(total.onTimeRate),
      formula: `${rates.onTime} = ${counts.onTime} ÷ ${counts.due}`,
      opens: 'due',
    },
    {
      name: '超期',
      value: String(counts.late),
      formula: measures.late,
      opens: 'late',
      ...(counts.late > 0 && { tone: 'red' }),
    },
    {
      name: '平均用时',
      value: averageDays(total.averageDays),
      formula: measures.answered,
      opens: 'answered',
    },
    {
      name: '反馈率',
      value: percent(total.feedbackRate),
      formula: `${rates.feedback} = ${counts.feedback} ÷ ${counts.received}`,
      opens: 'feedback',
    },
    {
      name: '落实率',
      value: percent(total.resultRate),
      formula: `${rates.result} = ${counts.result} ÷ ${counts.received}`,
      opens: 'result',
    },
  ]
  return (
    <div className="figures statistics-figures">
      {figures.map(({ name, value, formula, opens, tone = '' }) => (
        <button
          key={name}
          type="button"
          className={`figure ${tone}`}
          aria-label={`${name} ${value}`}
          onClick={() => onOpen(opens)}
        >
          <span>{name}</span>
          <b>{value}</b>
          <small>{formula.replace(/^[^：=]*[：=] ?/, '')}</small>
        </button>
      ))}
    </div>
  )
}
