import { Skeleton } from 'antd'
import { lazy, Suspense } from 'react'
import type { ChartProps } from './echarts.tsx'

const Drawn = lazy(async () => ({ default: (await import('./echarts.tsx')).Bars }))

/** Bars over time. The library that draws them (150 kB) is fetched when the first chart is shown, not before. */
export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Skeleton.Node active style={{ width: '100%', height: props.height }} />}>
      <Drawn {...props} />
    </Suspense>
  )
}
