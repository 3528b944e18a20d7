import { compile, is, selectAll, selectOne } from 'css-select'
import type { AnyNode, Document, Element } from 'domhandler'
import { textContent } from 'domutils'
import { parseDocument } from 'htmlparser2'
import { charsetOf, decode } from './decode.ts'
import type { Page, ParsedPage } from './site.ts'

/** One decode and one parse a page: parsing is the cost of a crawl (design §3). */
export function parsePage(page: Page, charset?: string): ParsedPage {
  const html = decode(page.body, charsetOf(page.body, page.headers['content-type'], charset))
  let document: Document | undefined
  return {
    url: page.url,
    status: page.status,
    receivedAt: page.receivedAt,
    html,
    get document() {
      document ??= parseDocument(html)
      return document
    },
  }
}

export type Query = ReturnType<typeof compile<AnyNode, Element>>
type Under = Document | Element

/** Compiled once where a board's floors are read. */
export const query = (selector: string): Query => compile<AnyNode, Element>(selector)
export const all = (under: Under, what: Query): Element[] => selectAll<AnyNode, Element>(what, under)
export const one = (under: Under, what: Query): Element | null => selectOne<AnyNode, Element>(what, under)
export const matches = (element: Element, what: Query): boolean => is<AnyNode, Element>(element, what)

export const attr = (element: Element | null, name: string): string | null => element?.attribs[name] ?? null

/** One line: white space (nbsp too) squeezed. */
export const line = (node: AnyNode | null): string =>
  node
    ? textContent(node)
        .replace(/[\s\u00a0\u3000]+/g, ' ')
        .trim()
    : ''

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
export function plainText(element: Element, skip: Query): string {
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
