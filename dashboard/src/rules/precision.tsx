import type { Counted } from '../../../api/rules/routes.ts'

const percent = (share: number) => `${Math.round(share * 100)}%`

/** Share of a rule's finds that staff kept, with its 95 % interval; says so where nothing was decided. */
export function Precision({ counted: { precision, kept, dismissed } }: { counted: Counted }) {
  if (!precision) return <span className="muted rule-precision">尚无处理</span>
  const { value, low, high } = precision
  return (
    <span
      className="rule-precision"
      title={`认可 ${kept}，误报 ${dismissed}；95% 区间 ${percent(low)}–${percent(high)}`}
    >
      <meter min={0} max={1} low={0.4} high={0.7} optimum={1} value={value} aria-label="准确率" />
      <span className="number">
        {percent(value)}{' '}
        <span className="muted">
          {percent(low)}–{percent(high)}
        </span>
      </span>
    </span>
  )
}
