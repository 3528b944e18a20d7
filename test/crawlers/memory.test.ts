import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { parsePage } from '../../crawlers/parse.ts'
import { READERS } from '../../crawlers/registry.ts'
import type { ParsedPage } from '../../crawlers/site.ts'
import { type Engine, pageOf, savedPages, sourceOf } from './pages.ts'

const READS = 100
/** Whose pages are markup, each with one that shows it. */
const MARKUP: [Engine, string][] = [
  ['discuz', 'thread-x35-page-1'],
  ['discuz', 'list-x35'],
  ['phpwind', 'thread-9-page-1'],
  ['hualongxiang', 'thread-as-phpwind'],
  ['cz001', 'article-2021'],
  ['article', 'article-by-rules'],
  ['weixin', 'article'],
]

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (how: { type: 'minor' | 'major' }) => void

/** Bytes by which the heap grew over `READS` reads, each followed by a collection of the young generation alone. */
function growthOf(read: () => unknown): number {
  collect({ type: 'major' })
  const before = process.memoryUsage().heapUsed
  for (let at = 0; at < READS; at++) {
    read()
    collect({ type: 'minor' })
  }
  return process.memoryUsage().heapUsed - before
}

// A page that stays until the old generation is collected is copied twice and marked: a third of a crawl's processor time.
it.each(MARKUP)('%s %s is gone with the next small collection', (engine, name) => {
  const saved = savedPages(engine).find(each => each.name === name)
  if (!saved) throw new Error(`no page ${name}`)
  const page = pageOf(engine, saved)
  const source = sourceOf(engine, saved)
  const site = READERS[engine](source)
  const read = () => {
    const parsed = parsePage(page, source.charset)
    site[saved.read](parsed)
    return parsed
  }
  // The first reads also pay for what is compiled and learnt once.
  growthOf(read)
  const dropped = growthOf(read)
  const pages: ParsedPage[] = []
  const held = growthOf(() => pages.push(read()))
  expect(dropped).toBeLessThan(held / 4)
})
