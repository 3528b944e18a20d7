import { useQuery } from '@tanstack/react-query'
import { Checkbox, Skeleton } from 'antd'
import { useEffect, useRef } from 'react'
import type { ChecklistAnswer } from '../../../api/slips/routes.ts'
import { CHECKLIST, type ChecklistRow, LEVELS } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'

const ROWS = Object.keys(CHECKLIST) as ChecklistRow[]

/** Rows that point to a level: ticked by the analysis with the words it found, decided by who judges. */
export function Checklist(props: {
  slipId: number
  value?: ChecklistRow[]
  onChange?(rows: ChecklistRow[]): void
}) {
  const { slipId, value, onChange } = props
  const { data } = useQuery({
    queryKey: ['slip', slipId, 'checklist'],
    queryFn: () => get<ChecklistAnswer>(`/api/slips/${slipId}/checklist`),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const proposed = useRef(false)
  useEffect(() => {
    if (!data || proposed.current) return
    proposed.current = true
    onChange?.([...new Set(data.ticks.map(({ row }) => row))])
  }, [data, onChange])
  if (!data) return <Skeleton active title={false} paragraph={{ rows: 4 }} />
  return (
    <Checkbox.Group
      className="checklist"
      value={value ?? []}
      onChange={rows => onChange?.(rows as ChecklistRow[])}
    >
      {(['general', 'complex', 'major'] as const).map(level => (
        <fieldset key={level}>
          <legend>{LEVELS[level]}</legend>
          {ROWS.filter(row => CHECKLIST[row].level === level).map(row => (
            <div key={row}>
              <Checkbox value={row}>{CHECKLIST[row].label}</Checkbox>
              {data.ticks
                .filter(tick => tick.row === row)
                .map(({ message, phrases }) => (
                  <div key={message} className="muted tick">
                    系统勾选：{message}
                    {phrases.map(phrase => (
                      <mark key={phrase}>{phrase}</mark>
                    ))}
                  </div>
                ))}
            </div>
          ))}
        </fieldset>
      ))}
    </Checkbox.Group>
  )
}
