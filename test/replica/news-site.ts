/** What every replica that tells its news has in common: its options, and how a host and its newsroom make a place. */
import type { SourceConfig } from '../../crawlers/site.ts'
import { type Host, type ReplicaSite, replicaSource, type Truth } from './host.ts'
import { type Article, living, type Newsroom } from './newsroom.ts'

export interface NewsOptions {
  now: () => number
  id?: string
  name?: string
  seed?: number
  articles?: number
  /** So many ms between two pieces of news that come by themselves. */
  lifeMs?: number
}

export interface NewsSite extends ReplicaSite {
  room: Newsroom
}

/** The running host as a place with a source; `truthOf` = what a perfect crawl holds of an article. */
export function newsSite(
  host: Host,
  room: Newsroom,
  { now, lifeMs }: NewsOptions,
  about: {
    source: Pick<SourceConfig, 'id' | 'name' | 'engine' | 'boards'> & Partial<SourceConfig>
    truthOf(article: Article, source: SourceConfig): Truth[]
    nonPosts: string[]
  },
): NewsSite {
  const life = living(room, now, lifeMs)
  const source = replicaSource({ ...about.source, url: host.url })
  return {
    ...host,
    source,
    room,
    truth: () => room.newest().flatMap(article => about.truthOf(article, source)),
    nonPosts: about.nonPosts,
    async close() {
      life.stop()
      await host.close()
    },
  }
}
