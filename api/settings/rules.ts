/**
 * Switches of requirements.md §6 that concern case work: each with its default, its meaning and its shape. A value holds
 * from a day on; what was found before is counted by what held then. Pure.
 */
import { type Static, type TSchema, Type } from 'typebox'

const Clock = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })
const Span = Type.Object({ from: Clock, to: Clock })
const Days = (maximum: number) => Type.Integer({ minimum: 0, maximum })

interface Setting<S extends TSchema> {
  label: string
  /** Rows of requirements.md that it switches. */
  rows: string
  schema: S
  value: Static<S>
}
const setting = <S extends TSchema>(
  label: string,
  rows: string,
  schema: S,
  value: Static<S>,
): Setting<S> => ({
  label,
  rows,
  schema,
  value,
})

export const SETTINGS = {
  'sentiment.days': setting(
    '答复时限（工作日）：一般性、较大复杂性、初步回应、延长上限',
    'S-14、S-19、S-29、S-30',
    Type.Object({
      general: Type.Integer({ minimum: 1, maximum: 30 }),
      complex: Type.Integer({ minimum: 1, maximum: 30 }),
      initial: Type.Integer({ minimum: 1, maximum: 30 }),
      longest: Type.Integer({ minimum: 1, maximum: 60 }),
    }),
    { general: 2, complex: 5, initial: 2, longest: 7 },
  ),
  'sentiment.dueTime': setting(
    '时限止于末日 24 时，还是下班时间',
    'A-7',
    Type.Union([Type.Literal('24:00'), Type.Literal('officeClose')]),
    '24:00',
  ),
  'sentiment.afterHoursRollsOver': setting(
    '下班后发现的顺延为次一工作日起算',
    'requirements.md 4.3',
    Type.Boolean(),
    false,
  ),
  'office.hours': setting('办公时间', 'S-10、S-33', Type.Object({ morning: Span, afternoon: Span }), {
    morning: { from: '09:00', to: '12:00' },
    afternoon: { from: '13:00', to: '17:00' },
  }),
  'sentiment.judgeHours': setting('研判超过几个办公小时提醒', 'S-10', Days(40), 4),
  'sentiment.majorShadowHours': setting(
    '重大舆情对外回应的参考时限（小时）：严重事故、其他',
    'S-23、A-10',
    Type.Object({
      serious: Type.Integer({ minimum: 1, maximum: 240 }),
      other: Type.Integer({ minimum: 1, maximum: 240 }),
    }),
    { serious: 24, other: 48 },
  ),
  'sentiment.patrolOnDaysOff': setting('节假日由值班人员巡查', 'S-4', Type.Boolean(), true),
  'patrol.keySources': setting(
    '巡查必看的信源（名称中含有即可）',
    'S-5',
    Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: 30, uniqueItems: true }),
    ['中国常州网', '化龙巷', '中吴网', '微博', '公众号'],
  ),
  'sentiment.trackingWorkdays': setting('回复后每日跟踪几个工作日', 'S-15', Days(30), 3),
  'sentiment.archiveWarnWorkdays': setting('办结后几个工作日内移交', 'S-34', Days(30), 2),
  'sentiment.countersign': setting('较大、复杂性先经分管领导会签', 'A-13', Type.Boolean(), false),
} as const

export type SettingKey = keyof typeof SETTINGS
export type Settings = { readonly [K in SettingKey]: Static<(typeof SETTINGS)[K]['schema']> }

export const DEFAULT_SETTINGS = Object.fromEntries(
  Object.entries(SETTINGS).map(([key, { value }]) => [key, value]),
) as unknown as Settings

/** What is wrong beyond the shape, in Chinese; null = nothing. */
export function settingProblem(key: SettingKey, value: unknown): string | null {
  if (key === 'sentiment.days') {
    const { general, complex, initial, longest } = value as Settings['sentiment.days']
    if (general > complex || complex > longest || initial > longest)
      return '时限应当一般性不长于较大复杂性，且都不超过延长上限。'
  }
  if (key === 'office.hours') {
    const { morning, afternoon } = value as Settings['office.hours']
    const times = [morning.from, morning.to, afternoon.from, afternoon.to]
    if (times.some((time, at) => at > 0 && time <= (times[at - 1] as string))) return '办公时间应由早到晚。'
  }
  return null
}
