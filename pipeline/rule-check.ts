/** What is wrong with a rule, said in Chinese by the names that the form gives its fields. Pure. */
import { RE2JS } from 're2js'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { unmask } from './evasion.ts'
import type { Rule } from './rules.ts'

/** Names of the fields, as the form shows them. */
export const RULE_FIELDS = {
  id: '编号',
  name: '名称',
  topic: '类别',
  eventClass: '事件类型',
  severity: '严重程度提示',
  unit: '建议处室',
  concern: '归属',
  topicPoints: '主题分',
  actionPoints: '需处置分',
  any: '任一',
  all: '每组',
  none: '都不得有',
  near: '相距',
  regex: '正则',
  field: '只看',
  sources: '信源',
  from: '起用日',
  to: '止用日',
} as const satisfies Record<keyof Rule, string>

const Words = Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { minItems: 1, maxItems: 2000 })
const Pair = Type.Object(
  { a: Words, b: Words, within: Type.Integer({ minimum: 1, maximum: 200 }) },
  { additionalProperties: false },
)
const Points = Type.Number({ minimum: -2, maximum: 2 })
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const SHAPES = {
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{1,40}$' }),
  name: Type.String({ minLength: 1, maxLength: 40 }),
  topic: Type.String({ maxLength: 40 }),
  eventClass: Type.String({ maxLength: 40 }),
  severity: Type.Enum([1, 2, 3]),
  unit: Type.String({ maxLength: 60 }),
  concern: Type.Enum(['own', 'watch']),
  topicPoints: Points,
  actionPoints: Points,
  any: Words,
  all: Type.Array(Words, { minItems: 1, maxItems: 6 }),
  none: Words,
  near: Type.Array(Pair, { minItems: 1, maxItems: 6 }),
  regex: Type.String({ minLength: 1, maxLength: 500 }),
  field: Type.Enum(['title', 'text']),
  sources: Type.Array(Type.String({ maxLength: 60 }), { minItems: 1 }),
  from: Day,
  to: Day,
} as const satisfies Record<keyof Rule, object>
const REQUIRED = ['id', 'name'] as const

/** Every fault, of one field and kind the first; a rule whose shape is wrong is told only that. */
export function ruleProblems(rule: unknown): string[] {
  const shape = [...shapeProblems(rule)]
  return shape.length ? shape : [...senseProblems(rule as Rule)]
}

function* shapeProblems(rule: unknown): Generator<string> {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) {
    yield `规则${TYPES.object}`
    return
  }
  const missing = REQUIRED.filter(name => !(name in rule))
  if (missing.length) yield missingFields(missing)
  const unknown = Object.keys(rule).filter(name => !Object.hasOwn(SHAPES, name))
  if (unknown.length) yield unknownFields(unknown)
  for (const [field, value] of Object.entries(rule)) {
    if (!Object.hasOwn(SHAPES, field)) continue
    const told = new Set<string>()
    for (const fault of Value.Errors(SHAPES[field as keyof Rule], value) as Fault[]) {
      const text = told.has(fault.keyword) ? null : said(field, fault, value)
      told.add(fault.keyword)
      if (text) yield text
    }
  }
}

const missingFields = (names: readonly string[]) => `缺少${names.map(labelOf).join('、')}。`
const unknownFields = (names: readonly string[]) => `没有「${names.join('、')}」这一项，请删去或改正写法。`

/** `instancePath` begins inside of the field. */
interface Fault {
  keyword: string
  instancePath: string
  params: Record<string, unknown>
}

const TYPES: Record<string, string> = {
  string: '须为文字（数字请加引号）。',
  number: '须为数字。',
  integer: '须为整数。',
  array: '须为清单。',
  object: '须按「项: 值」分项填写。',
}

/** One fault in the shape of a field; null where another one says it already. */
function said(field: string, { keyword, instancePath, params }: Fault, value: unknown): string | null {
  const path = instancePath.split('/').slice(1)
  const where = placeOf([field, ...path])
  const limit = params.limit as number
  switch (keyword) {
    case 'required':
      return `${where}${missingFields(params.requiredProperties as string[])}`
    case 'additionalProperties':
      return `${where}${unknownFields(params.additionalProperties as string[])}`
    case 'type':
      return `${where}${TYPES[params.type as string] ?? '写法不对。'}`
    case 'minimum':
    case 'maximum':
      return path.at(-1) === 'within' ? `${where}须在 1 到 200 之间。` : `${where}须在 −2 到 2 之间。`
    case 'minLength':
    case 'minItems':
      return `${where}不能为空，请填写，或去掉这一项。`
    case 'maxLength':
      return `${where}「${headOf(value, path)}…」太长，最多 ${limit} 个字。`
    case 'maxItems':
      return `${where}太多，最多 ${limit} 个。`
    case 'enum':
      return `${where}须为 ${(params.allowedValues as unknown[]).join('、')} 之一。`
    case 'pattern':
      return field === 'id'
        ? '编号须为小写字母、数字和连字符，二到四十一个字，如 gas-leak。'
        : `${where}须写成 2026-01-31 的样子。`
    default:
      return null
  }
}

const SIDES: Record<string, string> = { a: '左边', b: '右边', within: '的字数' }
const labelOf = (name: string): string =>
  RULE_FIELDS[name as keyof Rule] ?? (SIDES[name] ? `相距${SIDES[name]}` : `「${name}」`)

/** `/near/0/a/2` -> 相距第 1 对左边第 3 个词 */
function placeOf([field = '', ...rest]: readonly string[]): string {
  const nth = (text: string | undefined, unit: string) =>
    text === undefined ? '' : `第 ${Number(text) + 1} ${unit}`
  const label = labelOf(field)
  if (field === 'near')
    return `${label}${nth(rest[0], '对')}${SIDES[rest[1] ?? ''] ?? ''}${nth(rest[2], '个词')}`
  if (field === 'all') return `${label}${nth(rest[0], '组')}${nth(rest[1], '个词')}`
  return `${label}${nth(rest[0], field === 'sources' ? '个' : '个词')}`
}

function headOf(value: unknown, path: readonly string[]): string {
  const part = path.reduce<unknown>((each, key) => (each as Record<string, unknown>)[key], value)
  return String(part).slice(0, 12)
}

function* senseProblems(rule: Rule): Generator<string> {
  const { any, all, near, none, regex, from, to } = rule
  if (!rule.name.trim()) yield '名称不能为空。'
  if (!any && !all && !near && !regex) yield '任一、每组、相距、正则至少写一项。'
  if (!rule.topicPoints && !rule.actionPoints) yield '主题分和需处置分至少填一项。'
  for (const [label, day] of [
    ['起用日', from],
    ['止用日', to],
  ])
    if (day && !isDay(day)) yield `${label}「${day}」不是日历上有的一天。`
  if (from && to && to < from) yield `止用日（${to}）早于起用日（${from}），请改其中一个。`
  const lists: [keyof Rule, string[]][] = [
    ['any', any ?? []],
    ['all', all?.flat() ?? []],
    ['near', near?.flatMap(({ a, b }) => [...a, ...b]) ?? []],
    ['none', none ?? []],
  ]
  const forbidden = new Set(none)
  for (const [field, list] of lists)
    for (const word of new Set(list)) {
      yield* wordProblems(word, RULE_FIELDS[field])
      if (field !== 'none' && forbidden.has(word))
        yield `「${word}」既在「${RULE_FIELDS[field]}」又在「都不得有」，请去掉其中一个。`
    }
  if (regex) yield* regexProblems(regex)
}

/** Posts are read without invisible and decorating characters: a word that has them would be looked for in vain. */
function* wordProblems(word: string, label: string): Generator<string> {
  if (!word.replace(/[\p{Cf}\p{M}\s]/gu, '')) {
    yield `${label}里有空白的词，请去掉。`
    return
  }
  if (word.startsWith('$')) yield `${label}的「${word}」：$ 开头的是词组，文件的 words 里没有它。`
  const folded = word.normalize('NFKC').toLowerCase()
  const { text } = unmask({ text: folded, offsets: Uint32Array.from({ length: folded.length + 1 }) })
  if (text !== folded)
    yield `${label}的「${word}」：读帖时去掉字间的符号和叠字、还原拆字，读作「${text}」，请照此写。`
}

const isDay = (day: string): boolean => {
  const at = Date.parse(day)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

function* regexProblems(regex: string): Generator<string> {
  if (/\(\?<?[=!]/.test(regex)) {
    yield '正则不支持前后查看（(?=、(?!、(?<=、(?<!），请改用「相距」或「都不得有」。'
    return
  }
  if (/\\[1-9]/.test(regex)) {
    yield '正则不支持引用前面的括号（\\1 之类），请写出来。'
    return
  }
  try {
    if (RE2JS.compile(regex).matcher('').find())
      yield '正则连空文字也匹配，会命中所有帖子，请写出至少一个必有的字。'
  } catch {
    yield '正则写错了，请检查括号、方括号和反斜杠是否成对。'
  }
}
