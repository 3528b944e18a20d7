/** Broken pages for the fuzz and the bench: a saved page, changed by one to three mutations of a repeatable seed. */
import type { Page } from '../../crawlers/site.ts'
import { randomFrom } from '../replica/random.ts'
import { type Engine, pageOf, type SavedPage, savedPages } from './pages.ts'

type Random = ReturnType<typeof randomFrom>
type Mutation = (body: Buffer, random: Random) => Buffer

const at = (body: Buffer, random: Random) => random.below(body.length + 1)
const spliced = (body: Buffer, from: number, to: number, put: Buffer) =>
  Buffer.concat([body.subarray(0, from), put, body.subarray(to)])
const text =
  (change: (html: string, random: Random) => string): Mutation =>
  (body, random) =>
    Buffer.from(change(body.toString('latin1'), random), 'latin1')

const TAGS = [
  '<div>',
  '</div>',
  '</table>',
  '<td>',
  '<script>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<p',
  '<a href="',
  '">',
  '&#x110000;',
  '&',
  '\u0000',
  '{',
  '}',
  '[',
  '"',
  '<title>',
  '</body>',
  '<textarea>',
  '<style>',
  '<svg><a>',
  '<template>',
]

const MUTATORS: Record<string, Mutation> = {
  'cut off': (body, random) => body.subarray(0, at(body, random)),
  'bytes changed': (body, random) => {
    const changed = Buffer.from(body)
    for (let n = 1 + random.below(20); n > 0 && changed.length; n--)
      changed[random.below(changed.length)] = random.below(256)
    return changed
  },
  'piece lost': (body, random) => {
    const from = at(body, random)
    return spliced(body, from, Math.min(body.length, from + random.below(400)), Buffer.alloc(0))
  },
  'piece doubled': (body, random) => {
    const from = at(body, random)
    const piece = body.subarray(from, from + random.below(2000))
    return spliced(body, from, from, Buffer.concat(Array.from({ length: 1 + random.below(30) }, () => piece)))
  },
  'tag put in': (body, random) => {
    const from = at(body, random)
    return spliced(body, from, from, Buffer.from(random.pick(TAGS)))
  },
  'deeply nested': (body, random) => {
    const from = at(body, random)
    return spliced(
      body,
      from,
      from,
      Buffer.from(
        random
          .pick(['<div>', '<b>', '<table><tr><td>', '<ul><li>', '[', '{"a":'])
          .repeat(200 + random.below(3000)),
      ),
    )
  },
  'attribute lost': text((html, random) => {
    const found = [...html.matchAll(/\s[\w-]+=("[^"]*"|'[^']*')/g)]
    const one = found.length ? random.pick(found) : null
    return one ? html.slice(0, one.index) + html.slice(one.index + one[0].length) : html
  }),
  'number changed': text((html, random) =>
    html.replace(/\d+/g, n =>
      random.below(12) ? n : random.pick(['', '-1', '0', '99999999999999999999', '1e9', 'NaN', '٣']),
    ),
  ),
  'address changed': text((html, random) =>
    html.replace(/(href|src)="[^"]*"/g, whole =>
      random.below(8)
        ? whole
        : `href="${random.pick(['javascript:;', 'http://[::1', '//', 'http://', '\\\\x', 'data:,x', '?', '#', 'ftp://a/b', 'http://a:99999/'])}"`,
    ),
  ),
  'date changed': text((html, random) =>
    html.replace(/\d{4}-\d{1,2}-\d{1,2}/g, date =>
      random.below(4) ? date : random.pick(['2026-13-45', '0000-00-00', '9999-99-99', '2026-2-29', '-']),
    ),
  ),
  'quotes lost': text((html, random) => html.replace(/["']/g, quote => (random.below(40) ? quote : ''))),
  'brackets lost': text((html, random) =>
    html.replace(/[<>]/g, bracket => (random.below(60) ? bracket : '')),
  ),
  'one long line': (body, random) =>
    Buffer.concat([body, Buffer.from(random.pick([' ', '0', '<', '&', '(', '年', '=']).repeat(20_000))]),
}
export const MUTATIONS = Object.keys(MUTATORS)

const TYPES = [
  'text/html; charset=utf-8',
  'text/html; charset=gbk',
  'text/html; charset=utf-16',
  'text/html; charset=big5',
  'text/html; charset=x-unknown',
  'application/octet-stream',
  '',
  'text/html; charset=',
  'image/png',
]
const STATUSES = [200, 200, 200, 200, 404, 500, 301, 204, 206]

const cache = new Map<Engine, SavedPage[]>()

/** The page of a seed, and what was done to it. */
export function mutantOf(engine: Engine, seed: number): { saved: SavedPage; page: Page; mutation: string } {
  const random = randomFrom(seed * 2_654_435_761)
  const known = cache.get(engine) ?? savedPages(engine)
  cache.set(engine, known)
  const picked = random.pick(known)
  // A reader may be handed any page of its site, a list for a thread too.
  const saved: SavedPage = random.below(10)
    ? picked
    : { ...picked, read: random.pick(['list', 'thread'] as const) }
  const page = pageOf(engine, saved)
  const done: string[] = []
  let body: Buffer = Buffer.from(page.body)
  for (let n = 1 + random.below(3); n > 0; n--) {
    const name = random.pick(MUTATIONS)
    body = (MUTATORS[name] as Mutation)(body, random)
    done.push(name)
  }
  const headers = {
    'content-type': random.below(6) ? (page.headers['content-type'] as string) : random.pick(TYPES),
  }
  const status = random.below(8) ? page.status : random.pick(STATUSES)
  return { saved, page: { ...page, body, headers, status }, mutation: done.join(', ') }
}
