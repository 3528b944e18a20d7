/**
 * All stages of the pipeline on one core, posts of about 200 characters, against bare `nodejieba.cut` of the same texts;
 * with the public data at hand, real posts too.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { createPipeline } from '../../pipeline/run.ts'
import { corpus } from './corpus.ts'
import { type BenchRow, printRows } from './row.ts'
import { percentile, round, timed } from './times.ts'

const POSTS = 4_000
const ROUNDS = 5
const CHARACTERS = 200
const MOST_TITLE = 30
const GOAL = 0.5

interface Bare {
  load(options: { userDict: string }): void
  cut(text: string): string[]
}

interface Post {
  title: string
  text: string
}

const configDir = resolve(import.meta.dirname, '../../config')
/** Posts joined until they are as long as design §9 counts one. */
function joined(posts: Iterable<{ title?: string | null; text: string }>): Post[] {
  const made: Post[] = []
  let title = ''
  let text = ''
  for (const post of posts) {
    if (!text) title = (post.title ?? '').slice(0, MOST_TITLE)
    text += post.text
    if (title.length + text.length < CHARACTERS) continue
    made.push({ title, text: text.slice(0, CHARACTERS - title.length) })
    text = ''
    if (made.length === POSTS) break
  }
  return made
}

/** Our own texts are a few dozen with numbers and places put in: easier for every cache, the dictionary's most of all. */
const own = () => joined(corpus(POSTS * 8, Date.UTC(2026, 10, 20), ['board']))
/** Messages of citizens and microblogs, in turns. */
function published(dataDir: string): Post[] {
  const lists = ['zhengwu_pool', 'sentiment_smp2020', 'sentiment_weibo2018'].map(set =>
    joined(
      readFileSync(resolve(dataDir, set, 'dev.jsonl'), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line) as Post),
    ),
  )
  const longest = Math.max(...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) => lists.flatMap(list => list[at] ?? []))
    .flat()
    .slice(0, POSTS)
}

const jieba = createRequire(import.meta.url)('nodejieba') as Bare
jieba.load({ userDict: resolve(configDir, 'dictionary.txt') })
const pipeline = createPipeline({ configDir })

/** A batch at a time, as the worker takes what waits (api/analysis-job.ts). */
const BATCH = 200

async function measure(what: string, posts: readonly Post[]): Promise<BenchRow[]> {
  const texts = posts.map(({ title, text }) => `${title}\n${text}`)
  const cut = () => texts.forEach(text => void jieba.cut(text))
  const analyse = () => {
    for (let at = 0; at < posts.length; at += BATCH)
      pipeline.analyseAll(posts.slice(at, at + BATCH).map(post => ({ text: { ...post, source: 'board' } })))
  }
  /** Near copies and events need the words of a post: what a flagged or slipped post costs besides. */
  const liken = () => posts.forEach(post => void pipeline.liken(post, pipeline.analyse(post)))
  cut()
  analyse()
  const rates: Record<'cut' | 'analyse' | 'liken', number[]> = { cut: [], analyse: [], liken: [] }
  // Taken in turns, so that a busy moment of the machine strikes all alike.
  for (let turn = 0; turn < ROUNDS; turn++) {
    rates.cut.push((posts.length / (await timed(cut))) * 1000)
    rates.analyse.push((posts.length / (await timed(analyse))) * 1000)
    rates.liken.push((posts.length / (await timed(liken))) * 1000)
  }
  const median = (name: keyof typeof rates) => Math.round(percentile(rates[name], 0.5))
  const ratio = round(median('analyse') / median('cut'), 2)
  return [
    {
      what: `all stages, ${posts.length} ${what} of ${CHARACTERS} characters`,
      value: median('analyse'),
      unit: 'posts/s',
      reference: median('cut'),
      ratio,
      goal: `>= ${GOAL}`,
      met: ratio >= GOAL,
    },
    {
      what: 'with the likeness of each post (near copies, events)',
      value: median('liken'),
      unit: 'posts/s',
      reference: median('cut'),
      ratio: round(median('liken') / median('cut'), 2),
      goal: 'told',
      met: true,
    },
  ]
}

const dataDir = process.argv[2]
printRows([
  ...(await measure('own posts', own())),
  ...(dataDir ? await measure('published posts', published(dataDir)) : []),
])
