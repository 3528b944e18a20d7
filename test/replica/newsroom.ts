/** What a paper or an account holds: plain state that pages and feeds are drawn from. Times are epoch ms. */
import { randomFrom } from './random.ts'
import { COMMENTS, NEWS } from './texts/news.ts'
import { AUTHORS, PLACES } from './texts/ordinary.ts'

const HOUR = 3_600_000

export interface Comment {
  id: number
  author: { uid: number; name: string }
  at: number
  text: string
  likes: number
}

export interface Article {
  id: number
  /** Which list it stands in. */
  column: number
  title: string
  at: number
  source: string
  paragraphs: string[]
  image: string | null
  views: number
  likes: number
  comments: Comment[]
  state: 'visible' | 'deleted' | 'violation'
}

export class Newsroom {
  readonly articles: Article[] = []
  readonly columns: number[]
  readonly sources: string[]
  readonly #random: ReturnType<typeof randomFrom>
  #id = 88_000
  #comment = 900

  constructor(seed: number, columns: number[], sources: string[]) {
    this.#random = randomFrom(seed)
    this.columns = columns
    this.sources = sources
  }

  /** About one in eight tells of something that the bureau must know. */
  write(at: number): Article {
    const random = this.#random
    const text = random.pick(NEWS)
    const place = random.pick(PLACES)
    const filled = (words: string) => words.replaceAll('{}', place)
    const id = ++this.#id
    const article: Article = {
      id,
      column: random.pick(this.columns),
      // The number keeps copies of one text apart, as a paper's running series does.
      title: `${filled(text.title)}（${id}）`,
      at: Math.floor(at / 1000) * 1000,
      source: random.pick(this.sources),
      paragraphs: text.paragraphs.map(filled),
      image: random.below(3) === 0 ? `/upload/2603/${id}.jpg` : null,
      views: random.below(5_000),
      likes: random.below(40),
      comments: [],
      state: 'visible',
    }
    this.articles.push(article)
    return article
  }

  comment(article: Article, at: number): Comment {
    const random = this.#random
    const name = random.pick(AUTHORS)
    const comment = {
      id: ++this.#comment,
      author: { uid: 3_000 + AUTHORS.indexOf(name), name },
      at: Math.floor(at / 1000) * 1000,
      text: random.pick(COMMENTS),
      likes: random.below(9),
    }
    article.comments.push(comment)
    return comment
  }

  /** The last days' articles, a few comments under each. */
  fill(count: number, now: number): void {
    for (let i = 0; i < count; i++) {
      const article = this.write(now - (count - i) * 3 * HOUR)
      for (let n = this.#random.below(6); n > 0; n--) this.comment(article, now - n * HOUR)
    }
  }

  liveOn(now: number): void {
    const recent = this.articles.slice(-12)
    this.write(now)
    for (let i = 0; i < 2; i++) this.comment(this.#random.pick(recent), now)
  }

  newest(column?: number): Article[] {
    const own = column === undefined ? this.articles : this.articles.filter(each => each.column === column)
    return own.toReversed()
  }
}

export const textOf = ({ paragraphs }: Article): string => paragraphs.join('\n')
export const htmlOf = (article: Article, image = (path: string) => `<img src="${path}">`): string =>
  `${article.paragraphs.map(words => `<p>${words}</p>`).join('')}${article.image ? `<p>${image(article.image)}</p>` : ''}`

/** Something living on by itself until `stop`. */
export function living(room: Newsroom, now: () => number, lifeMs?: number): { stop(): void } {
  const timer = lifeMs ? setInterval(() => room.liveOn(now()), lifeMs) : undefined
  return { stop: () => clearInterval(timer) }
}
