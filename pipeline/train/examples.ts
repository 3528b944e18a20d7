import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lexicon } from '../lexicon.ts'
import { createLook } from '../scan.ts'
import { FOLDS, foldsOf } from './folds.ts'
import { readRows } from './trainer.ts'

/** A text with what is known of it: 1, 0, or null where nothing is. */
export interface Example {
  id: string
  set: string
  slice: string
  title: string | null
  text: string
  /** Does it concern the bureau's matters: own or watch. */
  topic: 0 | 1 | null
  /** Is it an event, hazard, request or complaint, not talk about one. */
  action: 0 | 1 | null
  cost: number
  /** Texts of one matter share a fold, so that none is judged by a model that has seen its copy. */
  fold: number
  index: Int32Array
  value: Float32Array
  isLetter: boolean
}

type Draft = Omit<Example, 'fold' | 'index' | 'value' | 'isLetter'>

interface Row {
  id: string
  title?: string | null
  text: string
}

const HERE = import.meta.dirname
const lines = (file: string) =>
  readFileSync(join(HERE, file), 'utf8')
    .split('\n')
    .filter(line => line && !line.startsWith('#'))
    .map(line => line.split('\t'))

/** Names that the sets put in place of the real ones say nothing about other texts. */
const withoutMasks = (text: string): string =>
  text
    .replace(/[A-Z]\d*(?=[市区县])/g, '')
    .replace(/西地省/g, '省')
    .replace(/\*{3,}/g, '')

const draft = (
  row: Row,
  set: string,
  slice: string,
  topic: Draft['topic'],
  action: Draft['action'],
  cost = 1,
): Draft => ({
  id: row.id,
  set,
  slice,
  title: row.title ? withoutMasks(row.title) : null,
  text: withoutMasks(row.text),
  topic,
  action,
  cost,
})

const FLAG: Record<string, [topic: Draft['topic'], action: Draft['action'], cost: number]> = {
  news_article_core: [1, 1, 1],
  news_article_adjacent: [1, 1, 0.3],
  weibo_flood_need_help: [1, 1, 1],
  weibo_flood_not_useful: [1, 0, 1],
  weibo_flood_offer_help: [1, null, 1],
  weibo_flood_other_valid: [1, null, 1],
  citizen_complaint_other: [0, 1, 0.5],
  citizen_complaint_em: [1, 1, 1],
  citizen_complaint_partial: [1, 1, 0.5],
  title_other_topic: [0, 0, 1],
  title_other_topic_with_emergency_word: [0, 0, 1],
}

function citizens(dataDir: string): Draft[] {
  const labels = new Map(lines('labels/citizens.tsv').map(([id, label]) => [id as string, label as string]))
  const duty = readRows<Row & { stratum: string; label: string; unsure: boolean }>(
    dataDir,
    'zhengwu_duty/dev.jsonl',
  )
  const known = new Set(duty.map(({ id }) => id))
  const others = ['zhengwu_pool', 'zhengwu_category7', 'zhengwu_replies'].flatMap(set =>
    readRows<Row>(dataDir, `${set}/dev.jsonl`).map(row => ({ row, set })),
  )
  return [
    ...duty.map(row =>
      draft(row, 'zhengwu_duty', row.stratum, row.label === 'none' ? 0 : 1, 1, row.unsure ? 0.7 : 1),
    ),
    ...others.flatMap(({ row, set }) => {
      if (known.has(row.id)) return []
      const label = labels.get(row.id)
      if (label) return [draft(row, set, 'read', label === 'none' ? 0 : 1, 1)]
      // What no one has read is rarely ours, and little is made of it.
      return [draft(row, set, 'unread', ALARM.test(row.title + row.text) ? null : 0, 1, 0.3)]
    }),
  ]
}

/** Not read and with such a word: no label is guessed. */
const ALARM = /隐患|危险|消防|事故|燃气|煤气|电梯|爆|火|塌|坠|裂|淹|洪|灾|伤|死|撞|毒|垮/

function titles(dataDir: string): Draft[] {
  const labels = new Map(lines('labels/titles.tsv').map(([id, label]) => [id as string, Number(label)]))
  return (['weibo_hot_search', 'thucnews_titles'] as const).flatMap(set =>
    readRows<{ id: string; title: string; category?: string }>(dataDir, `${set}/dev.jsonl`).flatMap(row => {
      const label = labels.get(row.id)
      if (label === undefined && ALARM.test(row.title)) return []
      const known = label === 1 ? 1 : 0
      const cost = label === undefined ? 0.5 : label ? 3 : 1
      return [draft({ id: row.id, text: row.title }, set, row.category ?? '', known, known, cost)]
    }),
  )
}

/** Those that the set's own raters judged stand in `flag`; of the others each was read here. */
function flood(dataDir: string, inFlag: ReadonlySet<string>): Draft[] {
  const labels = new Map(lines('labels/flood.tsv').map(([id, label]) => [id as string, label as string]))
  return readRows<Row>(dataDir, 'henan_flood_2021/dev.jsonl')
    .filter(({ text }) => !inFlag.has(text))
    .map(row => {
      const label = labels.get(row.id)
      const action = label === '1' ? 1 : label === '0' ? 0 : null
      return draft(row, 'henan_flood_2021', 'weibo_flood_read', 1, action, 0.1)
    })
}

function chats(dataDir: string): Draft[] {
  return ['sentiment_weibo2018', 'sentiment_smp2020'].flatMap(set =>
    readRows<Row>(dataDir, `${set}/dev.jsonl`)
      .filter(({ text }) => !ALARM.test(text))
      .map(row => draft(row, set, '', 0, 0, 0.2)),
  )
}

/** Texts written for this project, in the voice of local boards: they stand for many that no public set has. */
const OWN_COST = 1.5

export function ownTexts(): Draft[] {
  return lines('texts/boards.tsv').map(([concern, action, , title, text], at) => {
    const row = { id: `own-${at}`, title: title || null, text: text as string }
    const act = action === 'talk' ? 0 : 1
    // Talk about disasters teaches what asks for no action, not what is ours.
    const topic = concern === 'none' ? 0 : act || null
    return draft(row, 'own texts', `${concern}, ${action}`, topic, act, OWN_COST)
  })
}

const SHORT = 90

/** Messages without their titles, cut short as people write on a phone: asking is asking there too. */
const shortened = (drafts: readonly Draft[]): Draft[] =>
  drafts
    .filter(({ slice }) => slice !== 'unread')
    .map(each => ({
      ...each,
      id: `${each.id} short`,
      set: `${each.set}, cut short`,
      slice: '',
      title: null,
      text: each.text.slice(0, SHORT),
      topic: null,
      cost: 0.2,
    }))

/** Every set, as features; the order and the folds depend on the data alone. */
export function loadExamples(dataDir: string, lexicon: Lexicon): Example[] {
  const flag = readRows<Row & { slice: string; label: number | null }>(dataDir, 'flag/dev.jsonl')
  const messages = citizens(dataDir)
  const replies = new Set(messages.map(({ text }) => text))
  const drafts = [
    ...messages,
    ...shortened(messages),
    ...flag
      .filter(row => row.label !== null || !row.slice.startsWith('title'))
      .map(row => {
        const [topic, action, cost] = FLAG[row.slice] ?? [null, null, 0]
        const [head, ...rest] = row.text.split('\n')
        const split = rest.length
          ? { ...row, title: head as string, text: rest.join('\n') }
          : { ...row, title: null }
        // The same message is among zhengwu_replies, where it may have been read.
        const isKnown = row.slice === 'citizen_complaint_other' && replies.has(withoutMasks(split.text))
        return draft(split, 'flag', row.slice, isKnown ? null : topic, action, cost)
      }),
    ...flood(dataDir, new Set(flag.map(({ text }) => text))),
    ...titles(dataDir),
    ...chats(dataDir),
    ...ownTexts(),
  ]
  const look = createLook(lexicon)
  const foldOf = foldsOf(
    drafts.map(({ title, text }) => `${title ?? ''}${text}`),
    FOLDS,
  )
  return drafts.map((each, at) => {
    const { vector } = look(each)
    return {
      ...each,
      fold: foldOf[at] as number,
      index: vector.index.slice(0, vector.count),
      value: vector.value.slice(0, vector.count),
      isLetter: vector.isLetter,
    }
  })
}
