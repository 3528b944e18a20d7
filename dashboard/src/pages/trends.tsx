import { useQuery } from '@tanstack/react-query'
import { Empty, Segmented, Skeleton } from 'antd'
import { useSearchParams } from 'react-router'
import type { TrendAnswer } from '../../../api/trends/routes.ts'
import { get } from '../api.ts'
import { shanghaiDay } from '../format.ts'
import { barsOf, DIMENSIONS, type Dimension, MEASURES, type Measure, nameOf } from '../trends/bars.ts'
import { type Counted, CountedPosts } from '../trends/list.tsx'
import { plusDays, spanWords, weeksOf } from '../trends/period.ts'
import { TrendTable } from '../trends/table.tsx'
import { Chart } from '../ui/chart.tsx'
import { Growth } from '../ui/growth.tsx'
import { PageHead } from '../ui/head.tsx'
import { optionsOf } from '../ui/options.ts'
import { usePhone } from '../ui/use-phone.ts'

const PERIODS = [
  { value: 14, label: '14 天' },
  { value: 30, label: '30 天' },
  { value: 90, label: '90 天' },
  { value: 365, label: '一年' },
]

/** What is asked for stands in the address: a link shows what its sender saw, the opened list too. */
function useAsked() {
  const [params, setParams] = useSearchParams()
  const one = <T extends string>(name: string, of: Readonly<Record<T, string>>, otherwise: T): T =>
    (params.get(name) ?? '') in of ? (params.get(name) as T) : otherwise
  const days = Number(params.get('days')) || 30
  const to = params.get('to') ?? shanghaiDay(Date.now())
  const counted: Counted | null = params.has('start')
    ? { values: params.getAll('value'), from: params.get('start') ?? to, to: params.get('end') ?? to }
    : null
  return {
    dimension: one<Dimension>('dimension', DIMENSIONS, 'topic'),
    measure: one<Measure>('measure', MEASURES, 'flagged'),
    days,
    period: { from: plusDays(to, 1 - days), to },
    counted,
    set(name: string, value: string) {
      const next = new URLSearchParams(params)
      for (const key of ['value', 'start', 'end']) next.delete(key)
      next.set(name, value)
      setParams(next, { replace: true })
    },
    open(chosen: Counted | null) {
      const next = new URLSearchParams(params)
      for (const key of ['value', 'start', 'end']) next.delete(key)
      if (chosen) {
        for (const value of chosen.values) next.append('value', value)
        next.set('start', chosen.from)
        next.set('end', chosen.to)
      }
      setParams(next)
    },
  }
}

/** Flagged posts per day, what grows, and, one tap further, the very posts that a figure counted. */
export function Trends() {
  const phone = usePhone()
  const { dimension, measure, days, period, counted, set, open } = useAsked()
  const query = new URLSearchParams({ dimension, measure, ...period })
  const { data, error } = useQuery({
    queryKey: ['trends', query.toString()],
    queryFn: () => get<TrendAnswer>(`/api/trends?${query}`),
    placeholderData: previous => (previous?.dimension === dimension ? previous : undefined),
    refetchInterval: 60_000,
  })
  const weeks = weeksOf(period.to)
  const nameOfList = () => {
    const [only, ...more] = counted?.values ?? []
    const row = data?.rows.find(({ value }) => value === only)
    const what =
      only === undefined
        ? ''
        : more.length
          ? `${more.length + 1} 项 `
          : row
            ? `${nameOf(dimension, row)} `
            : ''
    return `${what}${counted ? spanWords(counted) : ''}`
  }
  return (
    <>
      <PageHead title="趋势" hint="按发布日期（北京时间）统计，相同内容也计入；点任何数字或柱形看对应的帖子">
        <Segmented
          aria-label="时间段"
          value={days}
          onChange={value => set('days', String(value))}
          options={PERIODS}
        />
      </PageHead>
      <div className="filters">
        <Segmented
          aria-label="分类方式"
          value={dimension}
          onChange={value => set('dimension', value)}
          options={optionsOf(DIMENSIONS)}
        />
        <Segmented
          aria-label="范围"
          value={measure}
          onChange={value => set('measure', value)}
          options={optionsOf(MEASURES)}
        />
      </div>
      {error && (
        <div className="panel">
          <Empty description={error.message} />
        </div>
      )}
      {!data && !error && <Skeleton active paragraph={{ rows: 8 }} />}
      {data && (
        <>
          <div className="figures trend-figures">
            <Total
              name={spanWords(period)}
              posts={data.all.total}
              onOpen={() => open({ values: [], ...period })}
            />
            <Total name="近 7 天" posts={data.all.week} onOpen={() => open({ values: [], ...weeks.last })}>
              <Growth now={data.all.week} before={data.all.weekBefore} />
            </Total>
            <Total
              name="前 7 天"
              posts={data.all.weekBefore}
              onOpen={() => open({ values: [], ...weeks.before })}
            />
          </div>
          {data.rows.length > 0 ? (
            <>
              <Picture answer={data} height={phone ? 240 : 300} onOpen={open} />
              <section className="panel flush" aria-label={`按${DIMENSIONS[dimension]}`}>
                <TrendTable answer={data} period={period} weeks={weeks} onOpen={open} />
              </section>
            </>
          ) : (
            <div className="panel">
              <Empty description="这段时间没有线索。" />
            </div>
          )}
        </>
      )}
      {counted && (
        <CountedPosts
          dimension={dimension}
          measure={measure}
          counted={counted}
          title={nameOfList()}
          onClose={() => open(null)}
        />
      )}
    </>
  )
}

function Total(props: { name: string; posts: number; onOpen(): void; children?: React.ReactNode }) {
  const { name, posts, onOpen, children } = props
  return (
    <button type="button" className="figure" aria-label={`${name} ${posts} 条`} onClick={onOpen}>
      <b>{posts}</b>
      <span>
        {name} {children}
      </span>
    </button>
  )
}

function Picture(props: { answer: TrendAnswer; height: number; onOpen(counted: Counted): void }) {
  const { answer, height, onOpen } = props
  const { spans, series } = barsOf(answer)
  const isWeekly = spans.some(({ from, to }) => from !== to)
  return (
    <section className="panel" aria-label="走势">
      <div className="panel-head">
        <h2>{isWeekly ? '每周' : '每日'}线索</h2>
      </div>
      <Chart
        label={`${isWeekly ? '每周' : '每日'}线索的柱形图，数字见下表`}
        height={height}
        ticks={spans.map(({ from }) => from.slice(5).replace('-', '/'))}
        series={series}
        onPick={(at, bar) => {
          const span = spans[bar]
          if (span) onOpen({ values: series[at]?.of ?? [], ...span })
        }}
      />
    </section>
  )
}
