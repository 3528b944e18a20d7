/** What a floor says: the poster's own words apart from those he quotes and those of the program. */
import type { Element } from 'domhandler'
import { all, plainText, type Query } from '../parse.ts'
import type { Forum, ForumTemplate } from './template.ts'

const QUOTED_BY = /^.{1,40}\s*(发表于|于|：|:)\s*(\d{4}-|昨天|前天|刚刚|\d+\s*\S+前)/

interface Words {
  text: string
  /** Whether the program kept some back. */
  heldBack: boolean
}
export const NO_WORDS = { text: '', heldBack: false, quote: null }

/** Without the lines that are the program's. */
function saidIn(element: Element, skip: Query, { notices }: ForumTemplate): Words {
  const said = plainText(element, skip)
  const own = said.split('\n').filter(words => !notices.test(words))
  const text = own.join('\n').trim()
  return { text, heldBack: text.length < said.length }
}

/** The poster's own words, and what others said in quotes, without who said it. */
export function readBody(body: Element, { s, template }: Forum): Words & { quote: string | null } {
  const own = saidIn(body, s.skip, template)
  const quotes = all(body, s.quote).map(each => saidIn(each, s.noise, template))
  const quoted = quotes.map(({ text }) =>
    text
      .split('\n')
      .filter(words => !QUOTED_BY.test(words))
      .join('\n')
      .replace(template.quotedBy ?? /^$/, ''),
  )
  return {
    text: own.text,
    heldBack: own.heldBack || quotes.some(({ heldBack }) => heldBack),
    quote: quoted.filter(Boolean).join('\n') || null,
  }
}
