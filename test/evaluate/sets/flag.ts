/** The flag on rows that the model behind it has not seen: five folds, near copies together, thresholds from inner folds. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readLexicon } from '../../../pipeline/lexicon.ts'
import type { Analysis, Pipeline } from '../../../pipeline/post.ts'
import { createPipeline } from '../../../pipeline/run.ts'
import { type Example, loadExamples } from '../../../pipeline/train/examples.ts'
import { OUTER } from '../../../pipeline/train/folds.ts'
import { fitGates } from '../../../pipeline/train/gates.ts'
import { readRows } from '../../../pipeline/train/trainer.ts'
import { wilson } from '../../../pipeline/wilson.ts'
import type { Figure } from '../figure.ts'

const CONFIG = resolve(import.meta.dirname, '../../../config')
const WEIGHT_UNSEEN = 6.3
/** Titles of weibo_hot_search read by hand: id -> rightly flagged; no text is kept here. */
const judgedTitles = (): Map<string, boolean> =>
  new Map(
    readFileSync(join(import.meta.dirname, '../judged/hot-search.tsv'), 'utf8')
      .split('\n')
      .filter(line => line && !line.startsWith('#'))
      .map(line => line.split('\t') as [string, string])
      .map(([id, verdict]) => [id, verdict === '1']),
  )
/** Channels in which accidents are news of the day. */
const NEWS_CHANNELS = new Set(['society', 'politics'])

interface Judged {
  row: { id: string; [key: string]: unknown }
  analysis: Analysis
}

type Judge = (set: string, row: { id: string; title?: string | null; text: string }) => Analysis

/** A pipeline for each outer fold, trained on the other four. */
function judges(dataDir: string): Judge {
  const lexicon = readLexicon()
  const examples = loadExamples(dataDir, lexicon)
  const foldOf = new Map(examples.map(({ set, id, fold }) => [`${set} ${id}`, fold % OUTER]))
  const pipelines = new Map<number, Pipeline>()
  const pipelineOf = (fold: number): Pipeline => {
    const known = pipelines.get(fold)
    if (known) return known
    const gates = fitGates(
      examples.filter((each: Example) => each.fold % OUTER !== fold),
      lexicon,
    )
    const made = createPipeline({ configDir: CONFIG, gates })
    pipelines.set(fold, made)
    return made
  }
  // A row that is in no training set may be judged by any of them.
  return (set, row) => pipelineOf(foldOf.get(`${set} ${row.id}`) ?? 0).analyse(row, { anywhere: true })
}

const share = (
  set: string,
  slice: string,
  what: string,
  hits: number,
  of: number,
  goal?: { at: number; least: boolean },
): Figure => {
  const value = of ? hits / of : Number.NaN
  return {
    set,
    slice,
    what,
    value,
    ...wilson(hits, of),
    rows: Math.round(of),
    goal: goal ? `${goal.least ? '>=' : '<'} ${goal.at}` : '',
    met: goal ? (goal.least ? value >= goal.at : value < goal.at) : null,
  }
}
const least = (at: number) => ({ at, least: true })
const under = (at: number) => ({ at, least: false })

interface Duty {
  id: string
  title: string
  text: string
  stratum: string
  label: 'own' | 'watch' | 'none'
  event: string | null
  severity: number | null
  unsure: boolean
}

function duty(dataDir: string, judge: Judge): Figure[] {
  const words = readFileSync(join(dataDir, 'zhengwu_duty/safety_words.txt'), 'utf8')
    .split('\n')
    .map(word => word.trim())
    .filter(Boolean)
  const rows = readRows<Duty>(dataDir, 'zhengwu_duty/dev.jsonl').map(row => ({
    row,
    analysis: judge('zhengwu_duty', row),
    weight:
      row.stratum === 'random' && !words.some(word => (row.title + row.text).includes(word))
        ? WEIGHT_UNSEEN
        : 1,
  }))
  const ours = rows.filter(({ row }) => row.label !== 'none')
  const found = ours.filter(({ analysis }) => analysis.flagged)
  const flaggedWeight = rows.reduce(
    (sum, { row, analysis, weight }) => sum + (analysis.flagged ? (row.label === 'none' ? weight : 1) : 0),
    0,
  )
  const of = (label: Duty['label']) => ours.filter(({ row }) => row.label === label)
  const sure = ours.filter(({ row }) => !row.unsure)
  const count = (list: typeof rows, holds: (each: (typeof rows)[number]) => boolean) =>
    list.filter(holds).length
  const set = 'zhengwu_duty'
  return [
    share(set, 'own or watch', 'recall', found.length, ours.length, least(0.9)),
    share(set, 'own or watch', 'precision, weighted', found.length, flaggedWeight, least(0.65)),
    share(
      set,
      'own or watch, raters sure',
      'recall',
      count(sure, each => each.analysis.flagged),
      sure.length,
    ),
    ...(['own', 'watch'] as const).flatMap(label => [
      share(
        set,
        label,
        'recall',
        count(of(label), each => each.analysis.flagged),
        of(label).length,
      ),
      share(
        set,
        label,
        'named so, of those found',
        count(of(label), each => each.analysis.concern === label),
        count(of(label), each => each.analysis.flagged),
      ),
    ]),
    share(
      set,
      'found',
      'event class agrees',
      count(found, ({ row, analysis }) => analysis.eventClass === row.event),
      found.length,
    ),
    share(
      set,
      'found',
      'severity hint agrees',
      count(found, ({ row, analysis }) => analysis.severityHint === row.severity),
      found.length,
    ),
    share(
      set,
      'found',
      'severity hint off by one at most',
      count(found, ({ row, analysis }) => Math.abs((analysis.severityHint ?? 0) - (row.severity ?? 0)) <= 1),
      found.length,
    ),
  ]
}

const FLAG_GOALS: Record<string, ReturnType<typeof least>> = {
  news_article_core: least(0.97),
  weibo_flood_need_help: least(0.95),
  weibo_flood_not_useful: under(0.35),
  citizen_complaint_other: under(0.1),
  title_other_topic: under(0.004),
  title_other_topic_with_emergency_word: under(0.15),
}

function bySlice(set: string, judged: readonly Judged[], sliceOf: (row: Judged['row']) => string): Figure[] {
  const slices = Map.groupBy(judged, ({ row }) => sliceOf(row))
  return [...slices]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([slice, list]) =>
      share(
        set,
        slice,
        'flagged',
        list.filter(({ analysis }) => analysis.flagged).length,
        list.length,
        FLAG_GOALS[slice],
      ),
    )
}

function flag(dataDir: string, judge: Judge): Figure[] {
  const rows = readRows<{ id: string; text: string; slice: string; label: number | null }>(
    dataDir,
    'flag/dev.jsonl',
  ).map(row => ({ row, analysis: judge('flag', row) }))
  return bySlice('flag', rows, row => `${row.slice}${row.label === null ? ' (unscored)' : ''}`)
}

/** A title is judged as an import would give it: alone. */
function titles(
  dataDir: string,
  judge: Judge,
  set: string,
  sliceOf: (row: Judged['row']) => string,
): Figure[] {
  const rows = readRows<{ id: string; title: string; category?: string }>(dataDir, `${set}/dev.jsonl`)
  return bySlice(
    set,
    rows.map(row => ({ row, analysis: judge(set, { id: row.id, text: row.title }) })),
    sliceOf,
  )
}

const EMERGENCY =
  /爆炸|火灾|起火|地震|洪|台风|暴雨|暴雪|泄漏|泄露|坍塌|倒塌|事故|遇难|死亡|受伤|坠|溺|救援|灾|中毒|车祸|撞|滑坡|塌|雷电|风暴/

export async function evaluate(dataDir: string): Promise<Figure[]> {
  const judge = judges(dataDir)
  const thuc = (row: Judged['row']) =>
    `${NEWS_CHANNELS.has(row.category as string) ? 'news of the day' : 'other topics'}${EMERGENCY.test(row.title as string) ? ', emergency word' : ''}`
  return [
    ...duty(dataDir, judge),
    ...flag(dataDir, judge),
    ...titles(dataDir, judge, 'thucnews_titles', thuc).map(figure =>
      figure.slice.startsWith('other')
        ? withGoal(figure, figure.slice.includes('word') ? 0.15 : 0.004)
        : figure,
    ),
    ...hotSearch(dataDir, judge),
  ]
}

/** A background stream of real days: what is flagged of it, and what wrongly; a flag that nobody read counts as wrong. */
function hotSearch(dataDir: string, judge: Judge): Figure[] {
  const set = 'weibo_hot_search'
  const known = judgedTitles()
  const rows = readRows<{ id: string; title: string }>(dataDir, `${set}/dev.jsonl`).map(row => ({
    id: row.id,
    flagged: judge(set, { id: row.id, text: row.title }).flagged,
  }))
  const flagged = rows.filter(row => row.flagged)
  const wrong = flagged.filter(({ id }) => !known.get(id))
  const left = rows.filter(({ id, flagged: isFlagged }) => known.has(id) && !isFlagged)
  return [
    share(set, 'all', 'flagged', flagged.length, rows.length),
    share(set, 'all', 'flagged and wrong, read by hand', wrong.length, rows.length, under(0.01)),
    share(
      set,
      'read by hand',
      'left, though it concerned us',
      left.filter(({ id }) => known.get(id)).length,
      left.length,
    ),
  ]
}

const withGoal = (figure: Figure, at: number): Figure => ({
  ...figure,
  goal: `< ${at}`,
  met: figure.value < at,
})
