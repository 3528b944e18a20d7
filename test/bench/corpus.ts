import type { RawPost } from '../../pipeline/post.ts'
import { randomFrom } from '../replica/random.ts'
import { MATTER_REPLIES, MATTERS } from '../replica/texts/matters.ts'
import { ORDINARY, ORDINARY_REPLIES, PLACES } from '../replica/texts/ordinary.ts'

const YEAR_MS = 365 * 86_400_000
export const BOARDS = ['百姓呼声', '龙城茶座', '谈天说地', '房产家居', '武进论坛', '亲子教育']

/** One in sixteen tells of a true matter, as on the replica boards; every text its own, some three sentences long. */
export function* corpus(count: number, until: number, sources: readonly string[]): Generator<RawPost> {
  const random = randomFrom(20_190_417)
  const fill = (text: string) => text.replaceAll('{}', random.pick(PLACES))
  for (let i = 0; i < count; i++) {
    const isMatter = i % 16 === 7
    const { title, text } = random.pick(isMatter ? MATTERS : ORDINARY)
    const more = [random.pick(ORDINARY_REPLIES), random.pick(isMatter ? MATTER_REPLIES : ORDINARY_REPLIES)]
    // Oldest first, as they would have come in.
    const at = until - YEAR_MS + Math.floor((i / count) * YEAR_MS)
    const source = random.pick(sources)
    yield {
      source,
      key: String(i),
      url: `https://${source}.example.cn/thread-${i}-1-1.html`,
      kind: 'thread',
      parent: null,
      floor: 1,
      board: random.pick(BOARDS),
      title: fill(title),
      author: { id: String(i % 5_000), name: `网友${i % 5_000}` },
      text: `${fill(text)}${more.join('')}编号${random.below(1_000_000)}。`,
      quote: null,
      images: [],
      publishedAt: new Date(at).toISOString(),
      publishedPrecision: 'second',
      publishedRaw: null,
      seenAt: new Date(at + 60_000).toISOString(),
      counts: { views: random.below(900), replies: random.below(20), reposts: null, likes: null },
      place: null,
      state: 'visible',
    }
  }
}
