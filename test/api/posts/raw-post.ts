import type { RawPost } from '../../../pipeline/post.ts'

/** A thread's first floor as a crawler hands it over; `over` says what is different. */
export function rawPost(key: string, over: Partial<RawPost> = {}): RawPost {
  return {
    source: 'board',
    key,
    url: `https://bbs.example.cn/thread-${key}-1-1.html`,
    kind: 'thread',
    parent: null,
    floor: 1,
    board: '百姓呼声',
    title: `第${key}帖`,
    author: { id: '7', name: '湖塘小马' },
    text: `第${key}帖：武进湖塘化工厂半夜氨气泄漏，刺鼻气味很重，求有关部门查处。`,
    quote: null,
    images: [],
    publishedAt: '2026-11-20T02:00:00.000Z',
    publishedPrecision: 'second',
    publishedRaw: '发表于 2026-11-20 10:00:00',
    seenAt: '2026-11-20T03:00:00.000Z',
    counts: { views: 10, replies: 0, reposts: null, likes: null },
    place: null,
    state: 'visible',
    ...over,
  }
}
