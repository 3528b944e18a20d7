import { BarChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type EChartsType, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

use([BarChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

export interface ChartProps {
  /** What the picture shows, for those who do not see it. */
  label: string
  height: number
  /** Of each bar, along the axis. */
  ticks: readonly string[]
  /** Stacked in this order; `values` as many as ticks. */
  series: readonly { name: string; values: readonly number[]; colour: string }[]
  /** Which part of which bar was pressed. */
  onPick?(series: number, bar: number): void
}

const INK = '#55627a'
const LINE = '#e2e8f1'

function optionOf({ ticks, series }: ChartProps) {
  return {
    animation: false,
    textStyle: { fontFamily: 'inherit' },
    grid: { left: 4, right: 8, top: 12, bottom: series.length > 1 ? 34 : 4, containLabel: true },
    // Drawn into the canvas: markup with style attributes is against our content policy.
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, renderMode: 'richText', confine: true },
    ...(series.length > 1 && {
      legend: { type: 'scroll', bottom: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: INK } },
    }),
    xAxis: {
      type: 'category',
      data: [...ticks],
      axisTick: { show: false },
      axisLine: { lineStyle: { color: LINE } },
      axisLabel: { color: INK, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitLine: { lineStyle: { color: LINE } },
      axisLabel: { color: INK },
    },
    series: series.map(({ name, values, colour }) => ({
      type: 'bar',
      name,
      stack: 'all',
      data: [...values],
      barMaxWidth: 28,
      itemStyle: { color: colour },
      cursor: 'pointer',
    })),
  }
}

export function Bars(props: ChartProps) {
  const { label, height } = props
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(null)
  const latest = useRef(props)
  useEffect(() => {
    const element = box.current as HTMLDivElement
    const made = init(element)
    chart.current = made
    made.on('click', ({ seriesIndex = 0, dataIndex }) => latest.current.onPick?.(seriesIndex, dataIndex))
    const fitting = new ResizeObserver(() => made.resize())
    fitting.observe(element)
    return () => {
      fitting.disconnect()
      made.dispose()
    }
  }, [])
  useEffect(() => {
    latest.current = props
    chart.current?.setOption(optionOf(props), true)
  }, [props])
  return <div ref={box} className="chart" role="img" aria-label={label} style={{ height }} />
}
