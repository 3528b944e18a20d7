import type { SlipDetail } from '../../../api/slips/routes.ts'
import type { SlipState } from '../../../api/vocabulary.ts'

const STATIONS: { name: string; states: SlipState[] }[] = [
  { name: '填报', states: ['draft'] },
  { name: '研判', states: ['judging'] },
  { name: '拟稿', states: ['drafting'] },
  { name: '审核', states: ['reviewing'] },
  { name: '上报', states: ['reporting'] },
  { name: '回复', states: ['replying'] },
  { name: '跟踪', states: ['tracking'] },
  { name: '办结', states: ['finished'] },
  { name: '存档', states: ['filing', 'archived'] },
]

/** Where the slip stands on its way; only 重大 is reported upward. */
export function Road({ slip }: { slip: SlipDetail }) {
  if (slip.status === 'void') return <p className="muted">已作废：{slip.voidReason}</p>
  const stations = STATIONS.filter(({ name }) => name !== '上报' || slip.level === 'major')
  const at = stations.findIndex(({ states }) => states.includes(slip.status))
  const done = slip.status === 'archived' ? stations.length : at
  return (
    <ol className="road" aria-label="办理进度">
      {stations.map(({ name }, i) => (
        <li
          key={name}
          className={i < done ? 'done' : i === done ? 'now' : ''}
          {...(i === done && { 'aria-current': 'step' as const })}
        >
          {name}
        </li>
      ))}
    </ol>
  )
}
