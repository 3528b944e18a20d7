/** One floor of a thread: who, when, what, and what hangs on it. */
import type { Element } from 'domhandler'
import type { Poll } from '../../pipeline/post.ts'
import { imagesIn, linkTo, NO_COUNTS, publishedIn, toCount, toPost, uidOf } from '../fields.ts'
import { all, line, lineWithout, one, type Query, query } from '../parse.ts'
import type { ParsedPage, ReadPost } from '../site.ts'
import type { Compiled, Forum } from './template.ts'
import { NO_WORDS, readBody } from './words.ts'

/** Names of the first floors; `来自 12#` and numbers are read too. */
const FLOOR_NAMES = ['楼主', '沙发', '板凳', '地板']

function readFloor(post: Element, { s }: Forum): number | null {
  const text = line(one(post, s.floor)).replace(/[#\s]/g, '')
  const named = FLOOR_NAMES.findIndex(name => text.startsWith(name))
  return named >= 0 ? named + 1 : toCount(/\d+/.exec(text)?.[0])
}

/** 该用户已被删除, an address of a guest. */
const REMARK = query('em')

/** What its page says of a thread as a whole. */
export interface Thread {
  tid: string
  title: string | null
  counts: ReadPost['counts']
}

/** Null where it has no key. `first`: it opens the thread. */
export function readPost(
  post: Element,
  first: boolean,
  page: ParsedPage,
  thread: Thread,
  board: Forum,
): ReadPost | null {
  const { s, template, absolute } = board
  const pid = template.pidOf(post)
  if (!pid && !first) return null
  const body = one(post, s.body)
  const { text, heldBack, quote } = body ? readBody(body, board) : NO_WORDS
  const images = imagesIn(all(post, s.images), absolute)
  const withheld = heldBack || one(post, s.withheld) !== null
  const shown = body !== null && (text !== '' || images.length > 0 || !withheld)
  const author = one(post, s.author)
  const files = shown ? readFiles(post, s.files, absolute) : []
  const poll = shown ? readPoll(post, s) : null
  return toPost({
    key: first ? thread.tid : `${thread.tid}#${pid}`,
    url: absolute(template.postUrl(thread.tid, first ? null : pid)),
    kind: first ? 'thread' : 'reply',
    parent: first ? null : thread.tid,
    floor: first ? 1 : readFloor(post, board),
    title: first ? thread.title : null,
    author: { id: uidOf(author), name: lineWithout(author ?? one(post, s.anonymous), REMARK) || null },
    text: shown ? text : '',
    quote,
    images: shown ? images : [],
    ...(files.length && { attachments: files }),
    ...(poll && { poll }),
    ...publishedIn(one(post, s.time), page, s.noise),
    counts: first ? thread.counts : NO_COUNTS,
    state: shown ? 'visible' : withheld ? 'restricted' : 'gone',
  })
}

function readFiles(post: Element, files: Query, absolute: Forum['absolute']) {
  const found = all(post, files).map(link => ({ name: line(link), url: linkTo(link, absolute) }))
  return found.filter(({ name }, at) => name && found.findIndex(each => each.name === name) === at)
}

function readPoll(post: Element, s: Compiled): Poll | null {
  const block = one(post, s.poll)
  if (!block) return null
  const options: Poll['options'] = []
  for (const part of all(block, s.pollParts)) {
    const said = line(part)
    const votes = /^[(（]?(\d+)( ?票)?[)）]?$/.exec(said)?.[1]
    const last = options.at(-1)
    if (votes === undefined) options.push({ text: said.replace(/^\d+\. ?/, ''), votes: null })
    else if (last && last.votes === null) last.votes = Number(votes)
  }
  const voters = toCount(/(\d+)\s*人参与/.exec(line(block))?.[1])
  return options.length ? { voters, options } : null
}
