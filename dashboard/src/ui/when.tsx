import { DatePicker, type DatePickerProps, TimePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import 'dayjs/locale/zh-cn'
import customParseFormat from 'dayjs/plugin/customParseFormat'
import type { ReactNode } from 'react'
import { usePhone } from './use-phone.ts'

dayjs.extend(customParseFormat)

/**
 * Days and times are chosen in Chinese whatever the language of the browser, and may be typed. Values are what the
 * native fields gave: `2026-11-25`, `2026-11`, `2026-11-25T09:30`, `09:30`; empty = none.
 */
export interface WhenProps {
  id?: string
  value?: string | null
  onChange?(value: string): void
  'aria-label'?: string
  /** Days after this one cannot be chosen. */
  max?: string
  size?: 'small'
  width?: number
  /** False where there is always a day. */
  clearable?: boolean
}

interface Kind {
  /** As the value has it. */
  stored: string
  /** The first is shown; all are understood when typed, with `01` as with `1`. */
  typed: [string, ...string[]]
  placeholder: string
  picker?: 'month'
  time?: { format: string }
}

const DAY: Kind = {
  stored: 'YYYY-MM-DD',
  typed: ['YYYY-MM-DD', 'YYYY/MM/DD', 'YYYY.MM.DD', 'YYYY年MM月DD日', 'YYYYMMDD'],
  placeholder: '年-月-日',
}
const MONTH: Kind = {
  stored: 'YYYY-MM',
  typed: ['YYYY年M月', 'YYYY年MM月', 'YYYY-MM', 'YYYY/MM', 'YYYYMM'],
  placeholder: '年-月',
  picker: 'month',
}
const MOMENT: Kind = {
  stored: 'YYYY-MM-DDTHH:mm',
  typed: [
    'YYYY-MM-DD HH:mm',
    'YYYY/MM/DD HH:mm',
    'YYYY年MM月DD日 HH:mm',
    'YYYY年MM月DD日HH时mm分',
    'YYYY-MM-DDTHH:mm',
  ],
  placeholder: '年-月-日 时:分',
  time: { format: 'HH:mm' },
}
const CLOCK: Kind = { stored: 'HH:mm', typed: ['HH:mm', 'HH：mm'], placeholder: '时:分' }

const short = (format: string) => format.replace('MM', 'M').replace('DD', 'D').replace('HH', 'H')
const formatsOf = ({ typed }: Kind): string[] => [...new Set([...typed, ...typed.map(short)])]

/** Shared by all four: text in, text out. */
function propsOf(kind: Kind, props: WhenProps, phone: boolean) {
  const { value, onChange, max, size, width, clearable = true, ...rest } = props
  return {
    ...rest,
    value: value ? dayjs(value, kind.stored) : null,
    onChange: (picked: Dayjs | Dayjs[] | null) =>
      onChange?.(picked && !Array.isArray(picked) ? picked.format(kind.stored) : ''),
    format: formatsOf(kind),
    placeholder: kind.placeholder,
    allowClear: clearable,
    needConfirm: false,
    // A finger chooses: the keyboard of a phone would cover the days.
    inputReadOnly: phone,
    style: { width: width ?? '100%' },
    ...(size && { size }),
    ...(max && { disabledDate: (day: Dayjs) => day.format(kind.stored) > max }),
  } satisfies DatePickerProps
}

/** What is typed counts as soon as it can be read, and an emptied text at once: the picker would wait, or undo it. */
function Typed({ kind, props, children }: { kind: Kind; props: WhenProps; children: ReactNode }) {
  const { onChange, clearable = true, max } = props
  const read = (text: string) => {
    if (text === '') return clearable && onChange?.('')
    const typed = dayjs(text, formatsOf(kind), 'zh-cn', true)
    const next = typed.isValid() ? typed.format(kind.stored) : null
    if (next !== null && (!max || next <= max)) onChange?.(next)
  }
  return (
    <span className="when" onInput={({ target }) => read((target as HTMLInputElement).value)}>
      {children}
    </span>
  )
}

function When({ kind, ...props }: WhenProps & { kind: Kind }) {
  const phone = usePhone()
  return (
    <Typed kind={kind} props={props}>
      <DatePicker
        {...propsOf(kind, props, phone)}
        {...(kind.picker && { picker: kind.picker })}
        {...(kind.time && { showTime: kind.time })}
      />
    </Typed>
  )
}

export const DayInput = (props: WhenProps) => <When kind={DAY} {...props} />
export const MonthInput = (props: WhenProps) => <When kind={MONTH} clearable={false} {...props} />
export const MomentInput = (props: WhenProps) => <When kind={MOMENT} {...props} />

/** A time of day; minutes by fives, any when typed. */
export function ClockInput(props: WhenProps) {
  const phone = usePhone()
  return (
    <Typed kind={CLOCK} props={props}>
      <TimePicker {...propsOf(CLOCK, props, phone)} minuteStep={5} />
    </Typed>
  )
}
