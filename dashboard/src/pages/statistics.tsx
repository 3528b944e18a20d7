import { FileWordOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Segmented, Skeleton } from 'antd'
import { useSearchParams } from 'react-router'
import type { Group, Measure, Statistics as StatisticsView } from '../../../api/statistics/routes.ts'
import { get } from '../api.ts'
import { has, useSession } from '../session.tsx'
import { Behind } from '../statistics/behind.tsx'
import { Breakdown } from '../statistics/breakdown.tsx'
import { PERIODS, type Period } from '../statistics/periods.ts'
import { Totals } from '../statistics/totals.tsx'
import { PageHead } from '../ui/head.tsx'
import { DayInput } from '../ui/when.tsx'

const GROUPS: { value: Group; label: string }[] = [
  { value: 'unit', label: '按处室' },
  { value: 'level', label: '按等级' },
  { value: 'source', label: '按来源' },
  { value: 'month', label: '按月份' },
]

/** S-37: figures of a period; each stands over its formula and opens the slips it counts. */
export function Statistics() {
  const session = useSession()
  const [params, setParams] = useSearchParams()
  const set = (change: Record<string, string | null>) => {
    const next = new URLSearchParams(params)
    for (const [name, value] of Object.entries(change))
      if (value === null) next.delete(name)
      else next.set(name, value)
    setParams(next, { replace: true })
  }
  const fallback = PERIODS[0].of(Date.now())
  const period: Period = { from: params.get('from') ?? fallback.from, to: params.get('to') ?? fallback.to }
  const group = (params.get('group') ?? 'unit') as Group
  const measure = params.get('measure') as Measure | null
  const query = new URLSearchParams({ ...period, group }).toString()
  const { data, error } = useQuery({
    queryKey: ['statistics', query],
    queryFn: () => get<StatisticsView>(`/api/statistics?${query}`),
    placeholderData: previous => previous,
  })
  const open = (chosen: Measure, key?: string) => set({ measure: chosen, key: key ?? null })
  const month = period.from.slice(0, 7)
  return (
    <>
      <PageHead title="统计" hint={`${period.from} 至 ${period.to}`}>
        {has(session, 'chief', 'discipline', 'office', 'office_head') && (
          <Button icon={<FileWordOutlined aria-hidden />} href={`/api/statistics/report.docx?month=${month}`}>
            下载 {Number(month.slice(5))} 月月报
          </Button>
        )}
      </PageHead>
      <div className="filters">
        <Segmented
          aria-label="期间"
          value={PERIODS.find(({ of }) => samePeriod(of(Date.now()), period))?.name ?? ''}
          options={PERIODS.map(({ name }) => name)}
          onChange={name =>
            set({ ...PERIODS.find(each => each.name === name)?.of(Date.now()), measure: null })
          }
        />
        <span className="row-actions">
          <DayInput
            aria-label="起"
            width={140}
            clearable={false}
            value={period.from}
            onChange={from => set({ from, to: period.to })}
          />
          至
          <DayInput
            aria-label="止"
            width={140}
            clearable={false}
            value={period.to}
            onChange={to => set({ to, from: period.from })}
          />
        </span>
      </div>
      {error && <Alert type="error" showIcon title={error.message} className="gap-below" />}
      {!data && !error && <Skeleton active paragraph={{ rows: 8 }} />}
      {data && (
        <>
          <Totals statistics={data} onOpen={open} />
          <section className="panel" aria-label="分类">
            <div className="panel-head">
              <h2>分类</h2>
              <Segmented
                value={group}
                options={GROUPS}
                onChange={value => set({ group: value, measure: null, key: null })}
              />
            </div>
            <Breakdown statistics={data} onOpen={open} />
          </section>
          <section className="panel" aria-label="计算方法">
            <h2>计算方法</h2>
            <dl className="formulas">
              {[...Object.values(data.measures), ...Object.values(data.rates)].map(formula => (
                <dd key={formula} className="muted">
                  {formula}
                </dd>
              ))}
            </dl>
          </section>
        </>
      )}
      {data && measure && (
        <Behind
          statistics={data}
          measure={measure}
          groupKey={params.get('key')}
          onClose={() => set({ measure: null, key: null })}
        />
      )}
    </>
  )
}

const samePeriod = (a: Period, b: Period): boolean => a.from === b.from && a.to === b.to
