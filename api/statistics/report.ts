/** 月报 (S-37): the month's figures as a paper; every sentence is a figure, and every number of a slip opens it. Pure. */
import { maskPersonal } from '../mask.ts'
import { paperDate, paperDeadline } from '../print/format.ts'
import type { Block, Inline, Paper } from '../print/paper.ts'
import { type Figures, GROUPS, type Group, MEASURES, type Measure, RATES } from './rules.ts'

export interface ReportSlip {
  id: number
  number: string
  title: string
  unit: string
  /** Epoch ms of round 1. */
  dueAt: number | null
  stoppedAt: number | null
}

export interface ReportInput {
  /** `2019-05` */
  month: string
  madeAt: number
  total: Figures
  groups: Record<Exclude<Group, 'month'>, (Figures & { label: string })[]>
  late: ReportSlip[]
  withoutResult: ReportSlip[]
  /** Where the program answers, for links; null = none. */
  publicUrl: string | null
}

export const percent = (rate: number | null): string => (rate === null ? '—' : `${(rate * 100).toFixed(1)}%`)
const days = (value: number | null): string => (value === null ? '—' : value.toFixed(1))

const HEAD = ['受理', '应办', '按时', '超期', '延期', '再次', '平均用时', '按时率']
const cells = (it: Figures): string[] => [
  ...(['received', 'due', 'onTime', 'late', 'extended', 'secondRound'] as Measure[]).map(each =>
    String(it.counts[each]),
  ),
  days(it.averageDays),
  percent(it.onTimeRate),
]

function summary({ counts, ...rates }: Figures): string[] {
  const { received, due, onTime, late, answered, extended, secondRound } = counts
  return [
    `本月受理舆情 ${received} 件，其中有反馈 ${counts.feedback} 件，反馈率 ${percent(rates.feedbackRate)}；有落实 ${counts.result} 件，落实率 ${percent(rates.resultRate)}。`,
    `本月应办 ${due} 件，按时回复 ${onTime} 件，超期 ${late} 件，按时率 ${percent(rates.onTimeRate)}。`,
    `本月回复完毕 ${answered} 件，平均用时 ${days(rates.averageDays)} 个工作日；经同意延期 ${extended} 件，单独回复 ${counts.private} 件，再次回应 ${secondRound} 件。`,
  ]
}

const text = (...parts: Inline[]): Block => ({ kind: 'text', parts })

/** An empty month says so and nothing else. */
export function monthReport(input: ReportInput): Paper {
  const { month, total, groups, late, withoutResult, publicUrl } = input
  const [year, number] = month.split('-')
  const isEmpty = Object.values(total.counts).every(count => count === 0)
  const linked = ({ id, number: text }: ReportSlip): Inline =>
    publicUrl ? { text, link: new URL(`/slips/${id}`, publicUrl).href } : text
  const list = (slips: ReportSlip[]): Block => ({
    kind: 'table',
    head: ['编号', '标题', '主办处室', '时限', '回复完毕'],
    widths: [40, 32, 28, 32, 24],
    rows: slips.map(slip => [
      linked(slip),
      maskPersonal(slip.title),
      slip.unit,
      paperDeadline(slip.dueAt),
      slip.stoppedAt === null ? '未回复' : paperDate(slip.stoppedAt),
    ]),
  })
  const grouped = (Object.keys(groups) as Exclude<Group, 'month'>[]).flatMap((group): Block[] => [
    { kind: 'subheading', text: `按${GROUPS[group]}` },
    {
      kind: 'table',
      head: [GROUPS[group], ...HEAD],
      widths: [36, 13, 13, 13, 13, 13, 13, 22, 20],
      rows: [
        ...groups[group].map(row => [maskPersonal(row.label), ...cells(row)]),
        ['合计', ...cells(total)],
      ],
      lastIsTotal: true,
    },
  ])
  return {
    title: '网络舆情办理情况月报',
    byline: `${year}年${Number(number)}月（${paperDate(input.madeAt)}生成）`,
    blocks: isEmpty
      ? [text('本月没有受理、应办或回复的舆情处理单。')]
      : [
          { kind: 'heading', text: '一、总体情况' },
          ...summary(total).map(sentence => text(sentence)),
          { kind: 'heading', text: '二、分类情况' },
          ...grouped,
          { kind: 'heading', text: '三、超期情况' },
          ...(late.length ? [list(late)] : [text('本月应办的处理单没有超期。')]),
          { kind: 'heading', text: '四、未写明落实情况的' },
          ...(withoutResult.length ? [list(withoutResult)] : [text('本月受理的处理单均已写明落实情况。')]),
          { kind: 'heading', text: '附：计算方法' },
          ...Object.values(MEASURES).map((formula): Block => ({ kind: 'note', text: formula })),
          ...Object.values(RATES).map((formula): Block => ({ kind: 'note', text: formula })),
        ],
  }
}
