import { expect } from 'vitest'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import { recordPosts } from '../../../api/posts/store.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import type { SlipAction } from '../../../api/vocabulary.ts'
import type { RawPost } from '../../../pipeline/post.ts'
import { createPipeline } from '../../../pipeline/run.ts'
import { type TestContext, uploadedPicture } from '../context.ts'
import { matter } from './texts.ts'

export const at = (text: string): number => Date.parse(`${text}+08:00`)
const HOUR_MS = 3_600_000

type Pipeline = ReturnType<typeof createPipeline>

/** Drives slips along their road through the API, as the people of the test context. */
export class Road {
  readonly test: TestContext
  readonly picture: { sha256: string; fileName: string }
  readonly #pipeline: Pipeline
  #count = 0

  private constructor(test: TestContext, picture: { sha256: string; fileName: string }) {
    this.test = test
    this.picture = picture
    this.#pipeline = createPipeline({ configDir: test.context.config.configDir })
  }

  static async open(test: TestContext): Promise<Road> {
    return new Road(test, await uploadedPicture(test))
  }

  /** A flagged thread on the board, shown to staff at the clock's time; posted `postedAt` (default an hour before). */
  async flaggedPost(postedAt = this.test.clock.now - HOUR_MS): Promise<number> {
    const { context, clock } = this.test
    const key = String(++this.#count)
    const post: RawPost = {
      source: 'zhongwu',
      key,
      url: `https://www.zhong5.cn/thread-${key}-1-1.html`,
      kind: 'thread',
      parent: null,
      floor: 1,
      board: '百姓呼声',
      author: { id: '7', name: '湖塘小马' },
      ...matter(this.#count),
      quote: null,
      images: [],
      publishedAt: new Date(postedAt).toISOString(),
      publishedPrecision: 'minute',
      publishedRaw: '1 小时前',
      seenAt: new Date(clock.now).toISOString(),
      counts: { views: 10, replies: 0, reposts: null, likes: null },
      place: null,
      state: 'visible',
    }
    const { ids } = await context.db.transaction().execute(trx => recordPosts(trx, [post]))
    await analyseWaiting(context, this.#pipeline)
    return ids.get(`zhongwu\n${key}`) as number
  }

  async create(login: string, body: object): Promise<SlipDetail> {
    const key = `key-${++this.#count}-of-road`
    const answer = await this.test.as(login)(
      'POST',
      '/api/slips',
      { postIds: [], foundHow: 'monitor', ...body },
      { 'idempotency-key': key },
    )
    expect(answer.statusCode, answer.body).toBe(200)
    return answer.json()
  }

  call(login: string, slip: SlipDetail, action: SlipAction, body: object = {}) {
    const url = `/api/slips/${slip.id}/actions/${action}`
    return this.test.as(login)('POST', url, { version: slip.version, ...body })
  }

  async go(login: string, slip: SlipDetail, action: SlipAction, body: object = {}): Promise<SlipDetail> {
    const answer = await this.call(login, slip, action, body)
    expect(answer.statusCode, `${login} ${action}: ${answer.body}`).toBe(200)
    return answer.json()
  }

  /** The answer of an act that must be refused and must change nothing. */
  async refused(
    login: string,
    slip: SlipDetail,
    action: SlipAction,
    body: object = {},
  ): Promise<{ code: string; message: string; details: Record<string, unknown> }> {
    const answer = await this.call(login, slip, action, body)
    expect(answer.statusCode, `${login} ${action} should be refused`).toBeGreaterThanOrEqual(400)
    const after = await this.read('office', slip.id)
    expect([after.version, after.status]).toEqual([slip.version, slip.status])
    return answer.json()
  }

  async read(login: string, id: number): Promise<SlipDetail> {
    return (await this.test.as(login)('GET', `/api/slips/${id}`)).json()
  }

  /** Writes a text, sends it for review and approves it. */
  async approved(slip: SlipDetail, writer: string, approver: string, text: object): Promise<SlipDetail> {
    const sent = await this.sent(slip, writer, text)
    const { id, hash } = sent.texts.at(-1) as SlipDetail['texts'][number]
    return this.go(approver, sent, 'approve', { textId: id, textHash: hash, opinion: '同意' })
  }

  async sent(slip: SlipDetail, writer: string, text: object): Promise<SlipDetail> {
    const saved = await this.go(writer, slip, 'saveText', { ...REPLY, ...text })
    return this.go(writer, saved, 'sendForReview', { textId: saved.texts.at(-1)?.id })
  }

  /** Body of recordReply for that post of the slip, with a picture as proof. */
  reply(slip: SlipDetail, entryAt = 0, more: object = {}) {
    return {
      entryId: slip.entries[entryAt]?.id,
      textId: slip.texts.findLast(({ approval }) => approval)?.id,
      accountId: 1,
      mode: 'public',
      url: `https://www.zhong5.cn/thread-1-1-1.html#pid${entryAt}`,
      repliedAt: this.test.clock.now,
      uploads: [this.picture],
      ...more,
    }
  }
}

export const REPLY = {
  purpose: 'reply',
  body: '您好，已派员到现场检测，超标情况已责令停产整改。',
  mode: 'public',
}
export const INITIAL = {
  purpose: 'initial',
  body: '情况正在核实，因需委托检测，将尽快答复。',
  mode: 'public',
}
export const OPINION = { purpose: 'opinion', body: '建议立即上报并派员现场处置。', mode: 'public' }
export const NONE = { purpose: 'none', body: '原帖已删除，建议不再回复。', mode: 'none' }
