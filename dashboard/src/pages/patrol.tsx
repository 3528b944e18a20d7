import { useQuery } from '@tanstack/react-query'
import { Alert, Skeleton } from 'antd'
import { useState } from 'react'
import type { PatrolMonth, PatrolToday } from '../../../api/patrol/routes.ts'
import { get } from '../api.ts'
import { shanghaiDay } from '../format.ts'
import { PatrolForm } from '../patrol/form.tsx'
import { PatrolGrid } from '../patrol/grid.tsx'
import { has, useSession } from '../session.tsx'
import { PageHead } from '../ui/head.tsx'
import { DayInput, MonthInput } from '../ui/when.tsx'

/** 每日巡查 (S-4, S-5): one's own unit today, every unit over the month. */
export function Patrol() {
  const session = useSession()
  const writes = has(session, 'duty', 'staff', 'head', 'office', 'office_head')
  const thisMonth = shanghaiDay(Date.now()).slice(0, 7)
  const [month, setMonth] = useState(thisMonth)
  const today = useQuery({
    queryKey: ['patrol', 'today'],
    queryFn: () => get<PatrolToday>('/api/patrol/today'),
    enabled: writes,
  }).data
  const { data, error } = useQuery({
    queryKey: ['patrol', month],
    queryFn: () => get<PatrolMonth>(`/api/patrol?month=${month}`),
    placeholderData: previous => previous,
  })
  const [day, setDay] = useState<string | null>(null)
  return (
    <>
      <PageHead
        title="每日巡查"
        hint="每个自然日由专员巡查，休息日由值班人员巡查；重点信源须全部看过才算完整"
      />
      {today && (
        <section className="panel" aria-label="登记巡查">
          <div className="panel-head">
            <h2>{day === null || day === today.day ? '今日巡查' : `补登 ${day}`}</h2>
            <span className="muted number">{day ?? today.day}</span>
            <span className="grow" />
            <DayInput
              aria-label="巡查日期"
              size="small"
              width={130}
              max={today.day}
              clearable={false}
              value={day ?? today.day}
              onChange={setDay}
            />
          </div>
          {(day ?? today.day) === today.day &&
            today.logged.map(({ by, at, missing, found }) => (
              <Alert
                key={at}
                className="gap-below"
                showIcon
                type={missing.length ? 'warning' : 'success'}
                title={`${by}已登记，发现 ${found} 条${missing.length ? `；还没看：${missing.join('、')}` : '，完整'}`}
              />
            ))}
          <PatrolForm key={day ?? today.day} today={today} day={day ?? today.day} />
        </section>
      )}
      <section className="panel" aria-label="完成情况">
        <div className="panel-head">
          <h2>完成情况</h2>
          <MonthInput
            aria-label="月份"
            size="small"
            width={130}
            max={thisMonth}
            value={month}
            onChange={setMonth}
          />
        </div>
        {error && <Alert type="error" showIcon title={error.message} />}
        {!data && !error && <Skeleton active />}
        {data && (
          <PatrolGrid month={data} {...(writes && { onDay: setDay })} ownUnit={session.person.unit?.id} />
        )}
      </section>
    </>
  )
}
