/**
 * From a crawler's hand to searchable, flagged and rolled up, against a bare batched insert of the same rows with the
 * same search terms, slices of both in turn.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pino } from 'pino'
import { indexTerms } from '../../api/adapters/bigrams.ts'
import { analyseWaiting } from '../../api/analysis-job.ts'
import { readConfig } from '../../api/config.ts'
import { openContext } from '../../api/context.ts'
import { recordPosts } from '../../api/posts/store.ts'
import { Lexicon } from '../../api/rules/lexicon.ts'
import { seedSources } from '../../api/sources/store.ts'
import type { RawPost } from '../../pipeline/post.ts'
import { sourceConfig } from '../api/sources/source-config.ts'
import { corpus } from './corpus.ts'
import { printRows } from './row.ts'
import { round, timed } from './times.ts'

const SLICES = 12
const SLICE = 1_000
/** A page of floors, as a crawl hands them over. */
const PAGE = 20
/** Pages that wait while the worker is busy: it takes a full batch each time (analysis-job.ts). */
const WAITING = 10
const GOAL = 0.4
const UNTIL = Date.UTC(2026, 10, 20)

const folder = mkdtempSync(join(tmpdir(), 'yuqing-ingest-'))
const context = await openContext(readConfig({ DATA_DIR: folder }), { log: pino({ level: 'silent' }) })
await context.db.transaction().execute(trx => seedSources(trx, [sourceConfig('bench')], UNTIL))
const pipeline = await new Lexicon(context).current()

async function ingest(posts: RawPost[]): Promise<void> {
  for (let at = 0; at < posts.length; at += PAGE) {
    await context.db.transaction().execute(trx => recordPosts(trx, posts.slice(at, at + PAGE)))
    if ((at / PAGE) % WAITING === WAITING - 1) await analyseWaiting(context, pipeline)
  }
  await analyseWaiting(context, pipeline)
}

const bare = new DatabaseSync(join(folder, 'bare.sqlite'))
bare.exec(`pragma journal_mode = wal; pragma synchronous = normal;
  create table post (id integer primary key, source text, key text, kind text, board text, title text, author text,
    text text, url text, at integer, seen integer, views integer, replies integer, unique (source, key));
  create virtual table terms using fts5 (body, content = '', tokenize = "ascii tokenchars '|'")`)
const addPost = bare.prepare('insert into post values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
const addTerms = bare.prepare('insert into terms (rowid, body) values (?, ?)')
let id = 0
function insertBare(posts: RawPost[]): void {
  bare.exec('begin')
  for (const post of posts) {
    const { source, key, kind, board, title, author, text, url, counts } = post
    const [at, seen] = [Date.parse(post.publishedAt ?? ''), Date.parse(post.seenAt)]
    addPost.run(
      ++id,
      source,
      key,
      kind,
      board,
      title,
      author.name,
      text,
      url,
      at,
      seen,
      counts.views,
      counts.replies,
    )
    addTerms.run(id, indexTerms(`${title}\n${text}`))
  }
  bare.exec('commit')
}

const all = [...corpus(SLICE * (SLICES + 1), UNTIL, ['bench'])]
const slice = (n: number) => all.slice(n * SLICE, (n + 1) * SLICE)
// The first slice warms both up.
await ingest(slice(0))
insertBare(slice(0))
let [ours, reference] = [0, 0]
for (let n = 1; n <= SLICES; n++) {
  ours += await timed(() => ingest(slice(n)))
  reference += await timed(() => insertBare(slice(n)))
}
const { flags } = await context.db
  .selectFrom('flag')
  .select(eb => eb.fn.countAll<number>().as('flags'))
  .executeTakeFirstOrThrow()
const { total } = await context.search.search({ limit: 1 })
if (total !== all.length || !flags) throw new Error(`${total} of ${all.length} searchable, ${flags} flags`)
await context.close()
bare.close()
rmSync(folder, { recursive: true })
const perSecond = (ms: number) => Math.round((SLICE * SLICES) / (ms / 1000))
const ratio = round(reference / ours, 2)
printRows([
  {
    what: `ingest of ${SLICE * SLICES} posts`,
    value: perSecond(ours),
    unit: 'posts/s',
    reference: perSecond(reference),
    ratio,
    goal: `>= ${GOAL}`,
    met: ratio >= GOAL,
  },
])
