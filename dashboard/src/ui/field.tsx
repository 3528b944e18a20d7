import { Checkbox, Form, Input, InputNumber, Select } from 'antd'
import type { ReactElement } from 'react'
import { fromInput, toInput } from '../format.ts'
import { Pictures } from './pictures.tsx'
import { PostPicker } from './post-picker.tsx'
import { DayInput, MomentInput } from './when.tsx'

/** One field of a form, as data. */
export interface Field {
  name: string
  label: string
  kind:
    | 'line'
    | 'area'
    | 'select'
    | 'several'
    | 'time'
    | 'day'
    | 'number'
    | 'check'
    | 'uploads'
    | 'post'
    | 'custom'
  /** Of a custom one: a control that takes value and onChange. */
  control?: ReactElement
  options?: { value: string | number; label: string }[]
  required?: boolean
  /** One line under the field. */
  help?: string
  initial?: unknown
  /** Shown only while another field has one of these values. */
  when?: { field: string; in: unknown[] }
}

type Values = Record<string, unknown>

const initialOf = ({ kind, initial }: Field) =>
  kind === 'time' && typeof initial === 'number' ? toInput(initial) : (initial ?? undefined)

/** What is sent: only what shows and was filled in. */
export function clean(fields: Field[], values: Values): Values {
  const body: Record<string, unknown> = {}
  for (const { name, kind, when } of fields) {
    const value = values[name]
    if (when && !when.in.includes(values[when.field])) continue
    if (value === undefined || value === null || (value === '' && kind !== 'area')) continue
    body[name] = kind === 'time' ? fromInput(String(value)) : value
  }
  return body
}

/** Values that a form begins with. */
export const initialsOf = (fields: Field[]): Values =>
  Object.fromEntries(fields.map(field => [field.name, initialOf(field)]))

/** The fields of an antd form; one that depends on another shows only when it applies. */
export function Fields({ fields }: { fields: Field[] }) {
  return fields.map(field => (
    <Form.Item noStyle key={field.name} dependencies={field.when ? [field.when.field] : []}>
      {({ getFieldValue }) =>
        field.when && !field.when.in.includes(getFieldValue(field.when.field)) ? null : (
          <OneField field={field} />
        )
      }
    </Form.Item>
  ))
}

/** Kinds that are picked, not typed. */
const CHOSEN: ReadonlySet<Field['kind']> = new Set(['select', 'several', 'time', 'day', 'post'])

function OneField({ field }: { field: Field }) {
  const { name, label, kind, options, required } = field
  const rules = required
    ? [{ required: true, message: `请${CHOSEN.has(kind) ? '选择' : '填写'}${label}` }]
    : []
  const control = {
    line: <Input />,
    area: <Input.TextArea autoSize={{ minRows: 3, maxRows: 14 }} />,
    select: <Select options={options ?? []} showSearch={{ optionFilterProp: 'label' }} />,
    several: <Select mode="multiple" options={options ?? []} showSearch={{ optionFilterProp: 'label' }} />,
    time: <MomentInput />,
    day: <DayInput />,
    number: <InputNumber min={0} style={{ width: '100%' }} />,
    check: <Checkbox>{label}</Checkbox>,
    uploads: <Pictures />,
    post: <PostPicker />,
    custom: field.control,
  }[kind]
  return (
    <Form.Item
      label={kind === 'check' ? null : label}
      name={name}
      rules={rules}
      extra={field.help}
      {...(kind === 'check' && { valuePropName: 'checked' })}
    >
      {control}
    </Form.Item>
  )
}
