import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Skeleton } from 'antd'
import { useState } from 'react'
import type { CalendarYear } from '../../../api/calendar/routes.ts'
import { get } from '../api.ts'
import { Months } from '../calendar/months.tsx'
import { NoticeDialog } from '../calendar/notice-dialog.tsx'
import { Overrides } from '../calendar/overrides.tsx'
import { shanghaiDay } from '../format.ts'
import { has, useSession } from '../session.tsx'
import { PageHead } from '../ui/head.tsx'

const useYear = (year: number) =>
  useQuery({
    queryKey: ['calendar', year],
    queryFn: () => get<CalendarYear>(`/api/calendar/${year}`),
  }).data

/** The days that clocks count by: the State Council's notice of each year and the bureau's own changes. */
export function Calendar() {
  const today = shanghaiDay(Date.now())
  const thisYear = Number(today.slice(0, 4))
  const session = useSession()
  const editable = has(session, 'office_head')
  const [shown, setShown] = useState(thisYear)
  const [entering, setEntering] = useState<number | null>(null)
  const year = useYear(shown)
  const next = useYear(thisYear + 1)
  // Notices come out in November: from then on a missing one is somebody's task.
  const missing = today.slice(5) >= '11-01' && next !== undefined && next.notice === null
  return (
    <>
      <PageHead title="放假日历" hint={year && (year.notice ?? '通知未公布，时限为暂定')}>
        <Button
          icon={<LeftOutlined aria-hidden />}
          aria-label="上一年"
          onClick={() => setShown(shown - 1)}
          disabled={shown <= 2007}
        />
        <b className="number">{shown} 年</b>
        <Button
          icon={<RightOutlined aria-hidden />}
          aria-label="下一年"
          onClick={() => setShown(shown + 1)}
          disabled={shown > thisYear}
        />
        {editable && (
          <Button type="primary" onClick={() => setEntering(shown)}>
            录入 {shown} 年通知
          </Button>
        )}
      </PageHead>
      {missing && (
        <Alert
          type="warning"
          showIcon
          className="gap-below"
          title={`${thisYear + 1} 年放假通知尚未录入，跨年时限为暂定`}
          description="国务院办公厅通知公布后，请办公室主任粘贴全文录入；录入前可看到哪些时限会变。"
          action={
            editable && <Button onClick={() => setEntering(thisYear + 1)}>录入 {thisYear + 1} 年</Button>
          }
        />
      )}
      {!year && <Skeleton active />}
      {year && (
        <div className="slip">
          <div className="panel">
            <div className="legend">
              <span className="day off">
                1<small>休</small>
              </span>
              放假
              <span className="day work">
                4<small>班</small>
              </span>
              调休上班
              <span className="day weekend">六</span>周末
            </div>
            <Months year={year} today={today} />
          </div>
          <div>
            <section className="panel" aria-label="依据">
              <h2>依据</h2>
              <p>{year.notice ?? '尚未公布'}</p>
              {year.sources.map(source => (
                <p key={source}>
                  <a href={source} target="_blank" rel="noreferrer noopener">
                    通知原文
                  </a>
                </p>
              ))}
              <p className="muted">
                放假 {year.off.length} 天，调休上班 {year.work.length} 天
                {year.version > 1 && `，第 ${year.version} 次录入`}
              </p>
            </section>
            <Overrides year={year} mayPropose={editable || has(session, 'office')} mayApprove={editable} />
          </div>
        </div>
      )}
      {entering !== null && <NoticeDialog year={entering} onClose={() => setEntering(null)} />}
    </>
  )
}
