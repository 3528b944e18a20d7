import { parse } from 'yaml'
import { ENGINES, readerOf } from './registry.ts'
import type { EngineName, SourceConfig } from './site.ts'

export class SourcesFileError extends Error {
  override readonly name = 'SourcesFileError'
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const TEXTS = ['name', 'basis', 'owner'] as const

/** What is wrong with one entry, in Chinese; empty = nothing. */
export function sourceProblems(value: unknown, place: string): string[] {
  if (!isRecord(value)) return [`${place}：应为一项信源配置。`]
  const problems: string[] = []
  const where = `${place}（${String(value.id ?? '没有 id')}）`
  const wrong = (text: string) => problems.push(`${where}：${text}`)
  if (typeof value.id !== 'string' || !/^[a-z0-9][a-z0-9-]{0,59}$/.test(value.id))
    wrong('id 用小写字母、数字和横线。')
  for (const name of TEXTS)
    if (typeof value[name] !== 'string' || !value[name].trim()) wrong(`缺少 ${name}。`)
  if (!ENGINES.includes(value.engine as EngineName))
    wrong(`engine「${String(value.engine)}」不认识，可用：${ENGINES.join('、')}。`)
  const url = typeof value.url === 'string' && URL.canParse(value.url) ? new URL(value.url) : null
  if (!url || !/^https?:$/.test(url.protocol)) wrong('url 应为 http 或 https 网址。')
  const boards = Array.isArray(value.boards) ? value.boards : null
  if (
    !boards?.every(
      board =>
        isRecord(board) && ['string', 'number'].includes(typeof board.key) && typeof board.name === 'string',
    )
  )
    wrong('boards 应为 [{ key, name }] 清单。')
  for (const [name, least] of [
    ['delaySeconds', 0],
    ['dailyCeiling', 1],
    ['retentionDays', 1],
  ] as const)
    if (typeof value[name] !== 'number' || value[name] < least) wrong(`${name} 应为不小于 ${least} 的数。`)
  if (value.selectors !== undefined && !isRecord(value.selectors)) wrong('selectors 应为名称到选择器的对照。')
  if (!problems.length)
    problems.push(...readerProblems(value as unknown as SourceConfig).map(text => `${where}：${text}`))
  if (value.enabled === false && typeof value.reason !== 'string') wrong('停用的信源要写 reason（原因）。')
  return problems
}

/** What its engine finds wrong with variant or selectors. */
function readerProblems(source: SourceConfig): string[] {
  try {
    readerOf(source.engine)?.(source)
    return []
  } catch (error) {
    return [`${(error as Error).message}。`]
  }
}

/** The entries of a sources file, in order. @throws SourcesFileError naming every problem, in Chinese. */
export function readSourcesFile(text: string): SourceConfig[] {
  let parsed: unknown
  try {
    parsed = parse(text)
  } catch (cause) {
    throw new SourcesFileError(`信源清单不是正确的 YAML：${(cause as Error).message}`)
  }
  const list =
    isRecord(parsed) && Array.isArray(parsed.sources) ? parsed.sources : Array.isArray(parsed) ? parsed : null
  if (!list) throw new SourcesFileError('信源清单缺少 sources。')
  const problems = list.flatMap((item, at) => sourceProblems(item, `第${at + 1}项`))
  const ids = list.map(item => (isRecord(item) ? item.id : null))
  for (const id of new Set(ids.filter((id, at) => id && ids.indexOf(id) !== at)))
    problems.push(`id「${String(id)}」重复。`)
  if (problems.length) throw new SourcesFileError(`信源清单有误：\n${problems.join('\n')}`)
  return (list as SourceConfig[]).map(source => ({
    ...source,
    boards: source.boards.map(board => ({ ...board, key: String(board.key) })),
  }))
}
