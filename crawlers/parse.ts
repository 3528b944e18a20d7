import { compile } from 'css-select'
import { type AnyNode, type Document, DomHandler, type Element, isTag } from 'domhandler'
import { textContent } from 'domutils'
import { Parser } from 'htmlparser2'
import type { IsoInstant } from '../pipeline/post.ts'
import { charsetOf, decode } from './decode.ts'
import { CrawlError, type Page, type ParsedPage } from './site.ts'

class DecodedPage implements ParsedPage {
  readonly url: string
  readonly status: number
  readonly receivedAt: IsoInstant
  readonly html: string
  #document: Document | undefined

  constructor({ url, status, receivedAt }: Page, html: string) {
    this.url = url
    this.status = status
    this.receivedAt = receivedAt
    this.html = html
  }

  get document(): Document {
    this.#document ??= parseMarkup(this.html, this.url)
    return this.#document
  }
}

/** One decode and one parse a page: parsing is the cost of a crawl (design §3). */
export const parsePage = (page: Page, charset?: string): ParsedPage =>
  new DecodedPage(page, decode(page.body, charsetOf(page.body, page.headers['content-type'], charset)))

type Test = ReturnType<typeof compile<AnyNode, Element>>
/** Alternatives in order of preference, each compiled once: `h1.title || #title` is the first that finds something. */
export type Query = readonly Test[]
type Under = Document | Element

/** Finds nothing where the selector is empty. @throws where it is not CSS. */
export const query = (selector: string, xmlMode = false): Query =>
  selector ? selector.split('||').map(each => compile<AnyNode, Element>(each.trim(), { xmlMode })) : []

/** Deeper than any page that was meant: what follows goes into the deepest element, so that no walk overflows. */
const MAX_DEPTH = 400
/** Past this the parser itself takes a second for every hundred thousand tags. */
const MAX_IGNORED = 5_000

class ShallowHandler extends DomHandler {
  #ignored = 0
  readonly #url: string

  constructor(url: string, xmlMode: boolean) {
    super(undefined, { xmlMode })
    this.#url = url
  }

  override onopentag(name: string, attributes: Record<string, string>): void {
    if (this.tagStack.length <= MAX_DEPTH) super.onopentag(name, attributes)
    else if (++this.#ignored > MAX_IGNORED)
      throw new CrawlError('parse', this.#url, '页面标签层层嵌套，不是正常网页')
  }

  override onclosetag(): void {
    if (this.#ignored) this.#ignored--
    else super.onclosetag()
  }
}

/** @throws CrawlError parse where tags are nested thousands deep. */
export function parseMarkup(text: string, url: string, xmlMode = false): Document {
  const handler = new ShallowHandler(url, xmlMode)
  new Parser(handler, { xmlMode }).end(text)
  return handler.root
}

/** Kept on the node, not in a WeakMap: the values of one are roots to V8's scavenger, and every page lived on. */
const ELEMENTS = Symbol('elements')
interface Walked {
  [ELEMENTS]?: Element[]
}

/** Every element under a node in document order: a page is asked dozens of questions, so it is walked once. */
function elementsUnder(under: Under & Walked): Element[] {
  let found = under[ELEMENTS]
  if (!found) {
    found = []
    collect(under, found)
    under[ELEMENTS] = found
  }
  return found
}

function collect(under: Under, into: Element[]): void {
  for (const child of under.children)
    if (isTag(child)) {
      into.push(child)
      collect(child, into)
    }
}

export function all(under: Under, what: Query): Element[] {
  for (const each of what) {
    const found = elementsUnder(under).filter(each)
    if (found.length) return found
  }
  return []
}

export function one(under: Under, what: Query): Element | null {
  for (const each of what) {
    const found = elementsUnder(under).find(each)
    if (found) return found
  }
  return null
}

export const matches = (element: Element, what: Query): boolean => what.some(each => each(element))

export const attr = (element: Element | null, name: string): string | null => element?.attribs[name] ?? null

/** One line: white space (nbsp too) squeezed. */
export const line = (node: AnyNode | null): string =>
  node
    ? textContent(node)
        .replace(/[\s\u00a0\u3000]+/g, ' ')
        .trim()
    : ''

/** One line, with a space wherever an element begins or ends: `<span>来源</span><span>2021</span>`. */
export function spacedLine(node: AnyNode | null): string {
  const parts: string[] = []
  const walk = (each: AnyNode): void => {
    if (each.type === 'text') parts.push(each.data)
    else if ('children' in each && !('name' in each && SILENT.has(each.name))) each.children.forEach(walk)
  }
  if (node) walk(node)
  return parts
    .join(' ')
    .replace(/[\s\u00a0\u3000]+/g, ' ')
    .trim()
}

const BLOCKS = new Set([
  'p',
  'div',
  'li',
  'tr',
  'blockquote',
  'h1',
  'h2',
  'h3',
  'h4',
  'table',
  'ul',
  'ol',
  'dl',
  'dd',
])
const SILENT = new Set(['script', 'style', 'noscript', 'template'])

/** Readable text of an element: line breaks kept, `skip` left out. Images and smilies give nothing. */
export function plainText(element: Under, skip: Query): string {
  const parts: string[] = []
  const walk = (node: AnyNode): void => {
    if (node.type === 'text') {
      parts.push(node.data.replace(/[\r\n\t]+/g, ' '))
      return
    }
    if (!('children' in node)) return
    const tag = 'name' in node ? node.name : ''
    if (SILENT.has(tag) || ('attribs' in node && node !== element && matches(node as Element, skip))) return
    if (tag === 'br') {
      parts.push('\n')
      return
    }
    const isBlock = BLOCKS.has(tag)
    if (isBlock) parts.push('\n')
    for (const child of node.children) walk(child)
    if (isBlock) parts.push('\n')
  }
  walk(element)
  return parts
    .join('')
    .replace(/[\u00a0\u3000]/g, ' ')
    .split('\n')
    .map(each => each.replace(/ +/g, ' ').trim())
    .join('\n')
    .replace(/\n{2,}/g, '\n')
    .trim()
}

/** One line without what stands beside the words. */
export const lineWithout = (element: Element | null, noise: Query): string =>
  element && noise.length ? plainText(element, noise).replaceAll('\n', ' ') : line(element)
