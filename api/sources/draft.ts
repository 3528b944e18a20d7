/** What people fill in of a source, and what becomes of it. Pure. */

import { isDeepStrictEqual } from 'node:util'
import type { EngineName, ListOrder, SourceConfig } from '../../crawlers/site.ts'
import { sourceProblems } from '../../crawlers/sources-file.ts'
import { ENGINE_NAMES, LIST_ORDERS } from '../vocabulary.ts'
import type { SourceVersion } from './store.ts'

/** The form of a source; what it does not name stays as it was. */
export interface SourceDraft {
  name: string
  engine: EngineName
  variant?: string | null
  url: string
  charset?: string | null
  boards: { key: string; name: string }[]
  delaySeconds: number
  dailyCeiling: number
  basis: string
  owner: string
  retentionDays: number
  visitSeconds?: number | null
  listPages?: number | null
  quietHours?: { from: string; to: string } | null
  /** Which of a board's lists are looked at; null = by last reply. */
  orders?: ListOrder[] | null
  /** Selectors of the engine that this site's pages need otherwise, by name. */
  selectors?: Record<string, string> | null
}

/** Nobody's site is asked faster than this from the dashboard; a host of our own may be. */
const LEAST_SECONDS = 2

/** An id of its own: the address's host and the engine's door. */
export function newId({ url, engine, variant }: SourceDraft, taken: ReadonlySet<string>): string {
  const host = URL.canParse(url) ? new URL(url).host : 'source'
  const base = [host.replace(/^www\./, ''), engine === 'discuz' ? '' : engine, variant ?? '']
    .filter(Boolean)
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 50)
  let id = base || 'source'
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`
  return id
}

/** `before`: what it was; `isOurs`: its host may stand on a private address. */
export function toConfig(
  draft: SourceDraft,
  { id, before, isOurs }: { id: string; before: SourceConfig | null; isOurs: boolean },
): SourceConfig {
  const { allowPrivate: _, enabled: _on, reason: _why, ...kept } = before ?? ({} as Partial<SourceConfig>)
  const isSame = before?.engine === draft.engine
  const whole = {
    ...(isSame ? kept : {}),
    ...draft,
    ...(draft.orders?.length === 0 && { orders: null }),
    ...(draft.selectors && Object.keys(draft.selectors).length === 0 && { selectors: null }),
    id,
    name: draft.name.trim(),
    url: draft.url.trim(),
    boards: draft.boards.map(({ key, name }) => ({ key: key.trim(), name: name.trim() || key.trim() })),
    ...(isOurs && { allowPrivate: true }),
  }
  return Object.fromEntries(
    Object.entries(whole).filter(([, value]) => value !== null && value !== undefined),
  ) as unknown as SourceConfig
}

/** What is wrong with it, in Chinese sentences; empty = nothing. */
export function draftProblems(config: SourceConfig): string[] {
  const problems = sourceProblems(config, config.name || '信源').map(text =>
    text.replace(/（[^（）]*）：/, '：'),
  )
  const keys = config.boards.map(({ key }) => key)
  if (keys.some(key => !key)) problems.push('每个版块都要有编号或网址。')
  for (const key of new Set(keys.filter((each, at) => keys.indexOf(each) !== at)))
    problems.push(`版块「${key}」填了两次。`)
  if (config.engine !== 'manual' && !keys.length) problems.push('请至少填写一个要看的版块。')
  if (config.engine !== 'manual' && !config.allowPrivate && config.delaySeconds < LEAST_SECONDS)
    problems.push(`访问间隔不得少于 ${LEAST_SECONDS} 秒，以免影响对方网站。`)
  return problems
}

/** Whether what is asked of the site differs, so that its robots.txt has to be looked at anew. */
export const asksOtherwise = (before: SourceConfig | null, after: SourceConfig): boolean =>
  !before ||
  (['engine', 'variant', 'url', 'boards'] as const).some(
    name => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )

/** Whether a change would change nothing; that a source is on or off is another matter. */
export function changesNothing(before: SourceConfig, after: SourceConfig): boolean {
  const said = ({ enabled: _on, reason: _why, ...config }: SourceConfig) => config
  return isDeepStrictEqual(said(before), said(after))
}

export interface Change {
  field: string
  from: string
  to: string
}

const LABELS: [keyof SourceConfig, string][] = [
  ['name', '名称'],
  ['engine', '类型'],
  ['variant', '入口'],
  ['url', '网址'],
  ['charset', '编码'],
  ['boards', '版块'],
  ['delaySeconds', '访问间隔（秒）'],
  ['dailyCeiling', '每日上限'],
  ['visitSeconds', '最短间隔（秒）'],
  ['listPages', '首次翻页'],
  ['quietHours', '安静时段'],
  ['basis', '采集依据'],
  ['owner', '责任处室'],
  ['retentionDays', '保存天数'],
  ['orders', '看哪个列表'],
  ['selectors', '读取规则'],
]

function worded(name: keyof SourceConfig, { config }: SourceVersion): string {
  const value = config[name]
  if (value === undefined || value === null) return '（空）'
  if (name === 'engine') return ENGINE_NAMES[config.engine]
  if (name === 'orders') return config.orders?.map(order => LIST_ORDERS[order]).join('、') || '（空）'
  if (name === 'selectors')
    return Object.entries(config.selectors ?? {})
      .map(([part, selector]) => `${part}：${selector || '（空）'}`)
      .join('；')
  if (name === 'boards')
    return config.boards.map(board => `${board.name}（${board.key}）`).join('、') || '（空）'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** What a version changed, field by field. */
export function changesOf(before: SourceVersion, after: SourceVersion): Change[] {
  const changes = LABELS.map(([name, field]) => ({
    field,
    from: worded(name, before),
    to: worded(name, after),
  }))
  const state = ({ enabled }: SourceVersion) => (enabled ? '启用' : '停用')
  return [...changes, { field: '状态', from: state(before), to: state(after) }].filter(
    ({ from, to }) => from !== to,
  )
}
