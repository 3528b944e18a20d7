import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Empty, Segmented, Skeleton } from 'antd'
import { Link } from 'react-router'
import type { BurstAnswer } from '../../../api/bursts/routes.ts'
import { BURST_KINDS, SENSITIVITIES, type Sensitivity } from '../../../api/vocabulary.ts'
import { get, put } from '../api.ts'
import { dateTime } from '../format.ts'
import { has, useSession } from '../session.tsx'
import { optionsOf } from '../ui/options.ts'
import { useFail } from '../ui/use-act.ts'

const MEANING: Record<Sensitivity, string> = {
  high: '6 小时内达到 4 条、平时千次里不到一次时提示',
  middle: '6 小时内达到 6 条、平时万次里不到一次时提示',
  low: '6 小时内达到 10 条、平时百万次里不到一次时提示',
}

/** The last week's bursts with their evidence, and, for 办公室, how soon one is told. */
export function Bursts() {
  const queries = useQueryClient()
  const fail = useFail()
  const { message } = App.useApp()
  const mayChange = has(useSession(), 'office', 'office_head')
  const { data, error } = useQuery({
    queryKey: ['bursts'],
    queryFn: () => get<BurstAnswer>('/api/bursts'),
    refetchInterval: 60_000,
  })
  if (error) return <Empty description={error.message} />
  if (!data) return <Skeleton active />
  const change = async (sensitivity: Sensitivity) => {
    try {
      queries.setQueryData(['bursts'], await put<BurstAnswer>('/api/bursts/sensitivity', { sensitivity }))
      void message.success('已保存，对以后的判断生效')
    } catch (problem) {
      fail(problem)
    }
  }
  return (
    <>
      <section className="panel" aria-label="灵敏度">
        <h2>灵敏度</h2>
        <Segmented
          aria-label="灵敏度"
          disabled={!mayChange}
          value={data.sensitivity}
          onChange={change}
          options={optionsOf(SENSITIVITIES)}
        />
        <p className="muted gap-above">
          {MEANING[data.sensitivity]}，且不少于平时的两倍。每项只提示一次，再翻倍才再提示。
          {!mayChange && '由市局办公室设定。'}
        </p>
      </section>
      <section className="panel flush" aria-label="近一周的突增">
        <h2 className="panel-title">近一周的突增</h2>
        {!data.items.length && <Empty className="pad" description="近一周没有突增。" />}
        {data.items.map(({ id, kind, name, link, evidence, open, posts, startedAt }) => (
          <div key={id} className="card-row">
            <Link to={link}>{name}</Link>
            <div className="post-meta">
              <span className={open ? 'pill red' : 'pill'}>
                {BURST_KINDS[kind]}突增{open ? '' : '（已过）'}
              </span>
              <span>自 {dateTime(startedAt)}</span>
              <span>共 {posts} 条</span>
            </div>
            <div className="muted">{evidence}</div>
          </div>
        ))}
      </section>
    </>
  )
}
