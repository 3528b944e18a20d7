/** Title, time, source and body of an article whose layout nobody has described: what such pages have in common. */
import { type AnyNode, type Document, type Element, isTag } from 'domhandler'
import { against, imagesIn } from '../fields.ts'
import { all, attr, line, one, plainText, type Query, query, spacedLine } from '../parse.ts'

const META_TITLE = query('meta[property="og:title"], meta[name="ArticleTitle" i], meta[name="title"]')
const META_DATE = query(
  'meta[property="article:published_time"], meta[name="PubDate" i], meta[name="publishdate" i], meta[name="publish_time"], meta[itemprop="datePublished"], time[datetime]',
)
const META_SOURCE = query(
  'meta[name="ContentSource" i], meta[name="source"], meta[property="article:author"]',
)
const HEADINGS = query('h1')
const TITLE = query('title')
const IMAGES = query('img')
const UNSEEN = new Set([
  'script',
  'style',
  'noscript',
  'template',
  'iframe',
  'svg',
  'form',
  'button',
  'select',
  'textarea',
])
/** Furniture of a page, by the names that it is usually given. */
const FURNITURE =
  /(^|[\s_-])(nav|menu|head|header|foot|footer|copyright|sidebar|aside|crumb|breadcrumb|related|recommend|hot|rank|comment|comments|share|login|ad|ads|banner|pager|pages|tags?)([\s_-]|$)/i
const PARAGRAPHS = new Set([
  'p',
  'section',
  'blockquote',
  'pre',
  'li',
  'td',
  'div',
  'article',
  'span',
  'font',
  'main',
  'center',
])
const INLINE = new Set([
  'a',
  'b',
  'strong',
  'i',
  'em',
  'u',
  'span',
  'font',
  'br',
  'img',
  'sub',
  'sup',
  'small',
  'mark',
  'wbr',
])
const PUNCTUATION = /[，。；：？！、,.;:?!]/g

export interface Meta {
  title: string | null
  date: string | null
  source: string | null
  /** Text around the title, where date and source usually stand. */
  info: string
}

export function readMeta(document: Document): Meta {
  const heading = all(document, HEADINGS).find(each => line(each).length >= 4) ?? null
  const dated = one(document, META_DATE)
  const head = line(one(document, TITLE))
  const said = attr(one(document, META_TITLE), 'content')?.trim()
  return {
    title: line(heading) || said || head.split(/\s*[-_|–—]\s*/)[0] || null,
    date: attr(dated, 'content') ?? attr(dated, 'datetime'),
    source: attr(one(document, META_SOURCE), 'content')?.trim() || null,
    info: heading ? aroundHeading(heading) : '',
  }
}

/** The lines after a heading, up to the body: a few hundred characters hold date and source. */
function aroundHeading(heading: Element): string {
  const title = spacedLine(heading)
  let holder: Element = heading
  let text = ''
  for (let up = 0; up < 3 && holder.parent && isTag(holder.parent); up++) {
    holder = holder.parent
    text = spacedLine(holder).replace(title, '').slice(0, 400)
    if (/\d{4}\s?[-/.年]/.test(text)) break
  }
  return text
}

interface Sum {
  /** Characters of text, and of those in links. */
  text: number
  linked: number
}

/**
 * The element that holds the article: every paragraph scores for its parent and half for its grandparent, by length
 * and punctuation; text that is mostly links counts little. Null where no paragraph is worth it.
 */
export function bodyOf(document: Document): Element | null {
  const scores = new Map<Element, number>()
  const sums = new Map<Element, Sum>()
  measure(document, false, scores, sums)
  let best: Element | null = null
  let most = 3
  for (const [element, score] of scores) {
    const { text, linked } = sums.get(element) ?? { text: 1, linked: 0 }
    const value = score * (1 - linked / Math.max(1, text))
    if (value > most) [best, most] = [element, value]
  }
  return best
}

function measure(node: AnyNode, inLink: boolean, scores: Map<Element, number>, sums: Map<Element, Sum>): Sum {
  if (node.type === 'text') {
    const text = node.data.trim().length
    return { text, linked: inLink ? text : 0 }
  }
  if (!('children' in node)) return { text: 0, linked: 0 }
  if (isTag(node) && isFurniture(node)) return { text: 0, linked: 0 }
  const sum: Sum = { text: 0, linked: 0 }
  const linked = inLink || (isTag(node) && node.name === 'a')
  for (const child of node.children) {
    const part = measure(child, linked, scores, sums)
    sum.text += part.text
    sum.linked += part.linked
  }
  if (isTag(node)) {
    sums.set(node, sum)
    if (PARAGRAPHS.has(node.name)) credit(node, scores)
  }
  return sum
}

const isFurniture = (element: Element): boolean =>
  UNSEEN.has(element.name) ||
  ['nav', 'header', 'footer', 'aside'].includes(element.name) ||
  FURNITURE.test(`${element.attribs.id ?? ''} ${element.attribs.class ?? ''}`)

/** Text of its own, not that of blocks inside it. */
function ownText(element: Element): string {
  const parts: string[] = []
  for (const child of element.children)
    if (child.type === 'text') parts.push(child.data)
    else if (isTag(child) && INLINE.has(child.name) && child.name !== 'a') parts.push(line(child))
  return parts.join('').trim()
}

function credit(paragraph: Element, scores: Map<Element, number>): void {
  const text = ownText(paragraph)
  if (text.length < 12) return
  const score = Math.min(text.length / 40, 5) + (text.match(PUNCTUATION)?.length ?? 0) / 2
  const add = (to: AnyNode | null, points: number) => {
    if (to && isTag(to)) scores.set(to, (scores.get(to) ?? 0) + points)
  }
  // A paragraph belongs to its parent; text that stands bare in a block belongs to the block.
  const isBare = ['div', 'td', 'article', 'main', 'center'].includes(paragraph.name)
  add(isBare ? paragraph : paragraph.parent, score)
  add(isBare ? paragraph.parent : (paragraph.parent?.parent ?? null), score / 2)
}

/** What readers see of a body, without the lines that editors hang at its end. */
export function readBody(
  body: Element,
  skip: Query,
  base: string,
): { text: string; images: { url: string }[] } {
  const text = plainText(body, skip)
    .split('\n')
    .filter(words => !/^[[（(【]?\s*(责任?编辑|编辑|校对|审核|责编|值班编委)\s*[:：].{0,30}$/.test(words))
    .join('\n')
  return { text, images: imagesIn(all(body, IMAGES), against(base)) }
}
