import { randomUUID } from 'node:crypto'
import { Client, type estypes } from '@elastic/elasticsearch'
import { AppError } from '../errors.ts'
import type { SearchAnswer, SearchDocument, SearchIndex, SearchQuery } from '../ports.ts'
import { indexTerms, type Phrase, queryPhrases, topicsAbove } from './bigrams.ts'

/** Raised when MAPPINGS or the terms change: the index of the older form stays, a new one is filled (worker). */
const VERSION = 1
/** Of one page; `limit` of a query stays below it. */
const MOST_PER_PAGE = 20_000
const REQUEST_TIMEOUT_MS = 15_000

const TERMS = {
  type: 'text',
  analyzer: 'whitespace',
  norms: false,
  index_prefixes: { min_chars: 1, max_chars: 1 },
} as const

const MAPPINGS: estypes.MappingTypeMapping = {
  dynamic: 'strict',
  // Texts are read from the database; here is what is searched and sorted by.
  _source: { enabled: false },
  properties: {
    id: { type: 'long' },
    text: TERMS,
    places: TERMS,
    source: { type: 'keyword' },
    board: { type: 'keyword' },
    topics: { type: 'keyword' },
    at: { type: 'long' },
    flagged: { type: 'boolean' },
  },
}

/**
 * Elasticsearch over our bigrams (design §4, §6): whitespace fields, so no plugin is needed. Readers and writers use an
 * alias; an index is made whole and then put behind it, so nobody meets one without its mapping.
 */
export function elasticsearchSearch(url: string, options: { name?: string } = {}): SearchIndex {
  const alias = `${options.name ?? 'yuqing-posts'}-v${VERSION}`
  const client = new Client({ node: url, requestTimeout: REQUEST_TIMEOUT_MS, maxRetries: 1 })
  let ready: Promise<void> | null = null

  /** With an index there; looked at anew after each failure, since that may be what was missing. */
  async function onIndex<T>(work: () => Promise<T>): Promise<T> {
    try {
      ready ??= ensureIndex()
      await ready
      return await work()
    } catch (error) {
      ready = null
      throw error
    }
  }

  const isThere = () => client.indices.existsAlias({ name: alias })

  async function ensureIndex(): Promise<void> {
    if (await isThere()) return
    await replaceIndex([]).catch(async error => {
      // Another process was faster: an alias takes one index to write to.
      if (!(await isThere())) throw error
    })
  }

  /** A fresh index behind the alias instead of those given. */
  async function replaceIndex(old: readonly string[]): Promise<void> {
    const index = `${alias}-${randomUUID()}`
    await client.indices.create({
      index,
      settings: { max_result_window: MOST_PER_PAGE + 1 },
      mappings: MAPPINGS,
    })
    const actions = [
      ...old.map(name => ({ remove_index: { index: name } })),
      { add: { index, alias, is_write_index: true } },
    ]
    await client.indices.updateAliases({ actions }).catch(async error => {
      await client.indices.delete({ index })
      throw error
    })
  }

  return {
    async put(documents) {
      const one = (document: SearchDocument) => [{ index: { _id: String(document.id) } }, fieldsOf(document)]
      if (documents.length) await onIndex(() => bulk(documents.flatMap(one)))
    },
    async remove(ids) {
      if (ids.length) await onIndex(() => bulk(ids.map(id => ({ delete: { _id: String(id) } }))))
    },
    async search(query) {
      try {
        return await onIndex(() => search(client, alias, query))
      } catch (error) {
        throw new AppError('search.away', { cause: error })
      }
    },
    async clear() {
      const known = await client.indices.getAlias({ name: alias }, { ignore: [404] })
      await replaceIndex(Object.keys(known).filter(name => name.startsWith(alias)))
    },
    close: () => client.close(),
  }

  async function bulk(operations: object[]): Promise<void> {
    const answer = await client.bulk({ index: alias, operations, refresh: true, require_alias: true })
    // One to be removed that is not there is no error.
    const wrong = answer.items.map(item => item.index ?? item.delete).find(item => item?.error)
    if (wrong?.error) throw new Error(`Elasticsearch: ${wrong.error.type}: ${wrong.error.reason}`)
  }
}

const secondOf = (ms: number): number => Math.floor(ms / 1000) * 1000

const fieldsOf = ({ id, text, source, board, topics, places, at, flagged }: SearchDocument) => ({
  id,
  text: indexTerms(text),
  places: indexTerms(places.join('\n')),
  source,
  board,
  topics: [...new Set(topics.flatMap(topicsAbove))],
  at: secondOf(at),
  flagged,
})

function phrase(field: 'text' | 'places', { terms, prefix }: Phrase): estypes.QueryDslQueryContainer {
  return prefix
    ? { prefix: { [field]: { value: terms.join(' ') } } }
    : { match_phrase: { [field]: { query: terms.join(' '), analyzer: 'whitespace' } } }
}

/** All must hold; null = nothing can be found (only signs were asked for). */
function conditions(query: SearchQuery): estypes.QueryDslQueryContainer[] | null {
  const { text = '', place = '', source, board, topic, from, to, flagged } = query
  const words = queryPhrases(text)
  const names = queryPhrases(place)
  if ((text.trim() && !words.length) || (place.trim() && !names.length)) return null
  const exact = Object.entries({ source, board, topics: topic, flagged }).filter(
    (entry): entry is [string, string | boolean] => entry[1] !== undefined,
  )
  return [
    ...words.map(word => phrase('text', word)),
    ...names.map(name => phrase('places', name)),
    ...exact.map(([field, value]) => ({ term: { [field]: value } })),
    ...(from === undefined && to === undefined
      ? []
      : [
          {
            range: { at: { ...(from !== undefined && { gte: from }), ...(to !== undefined && { lt: to }) } },
          },
        ]),
  ]
}

const CURSOR = /^(\d+)-(\d+)$/

async function search(client: Client, index: string, query: SearchQuery): Promise<SearchAnswer> {
  const filter = conditions(query)
  if (filter === null) return { ids: [], total: 0, next: null }
  const after = CURSOR.exec(query.cursor ?? '')
  const found = await client.search({
    index,
    query: { bool: { filter } },
    // Newest first; of one second the later one.
    sort: [{ at: 'desc' }, { id: 'desc' }],
    ...(after && { search_after: [Number(after[1]), Number(after[2])] }),
    size: Math.min(query.limit, MOST_PER_PAGE) + 1,
    track_total_hits: true,
    _source: false,
  })
  const hits = found.hits.hits
  const page = hits.slice(0, query.limit)
  const [at, id] = page.at(-1)?.sort ?? []
  const { total } = found.hits
  return {
    ids: page.map(({ _id }) => Number(_id)),
    total: typeof total === 'object' ? total.value : (total ?? 0),
    next: hits.length > query.limit ? `${at}-${id}` : null,
  }
}
