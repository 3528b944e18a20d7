import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Db } from '../../../api/db/open.ts'
import {
  clearOutbox,
  outboxBatch,
  refillOutbox,
  searchDocuments,
  type Unanalysed,
  unanalysedPosts,
} from '../../../api/posts/analysis-store.ts'
import { postDetail } from '../../../api/posts/detail-store.ts'
import { saveAnalyses } from '../../../api/posts/save-store.ts'
import { postsOfThread, recordPosts } from '../../../api/posts/store.ts'
import { seedSources } from '../../../api/sources/store.ts'
import type { RawPost } from '../../../pipeline/post.ts'
import { createPipeline } from '../../../pipeline/run.ts'
import { onEveryDatabase } from '../../databases.ts'
import { sourceConfig } from '../sources/source-config.ts'
import { rawPost } from './raw-post.ts'

const pipeline = createPipeline({ configDir: 'config' })
const AT = Date.parse('2026-11-20T03:00:00Z')

onEveryDatabase('posts', get => {
  let db: Db
  beforeAll(async () => {
    db = get().db
    await db
      .transaction()
      .execute(trx => seedSources(trx, [sourceConfig('board'), sourceConfig('other')], AT))
  })
  const record = (...posts: RawPost[]) => db.transaction().execute(trx => recordPosts(trx, posts))
  const row = (key: string) =>
    db
      .selectFrom('post')
      .selectAll()
      .where('source_id', '=', 'board')
      .where('key', '=', key)
      .executeTakeFirstOrThrow()
  const revisions = async (key: string) =>
    db
      .selectFrom('post_revision')
      .select(['revision', 'text', 'title'])
      .where('post_id', '=', (await row(key)).id)
      .orderBy('revision')
      .execute()
  const counts = async (key: string) =>
    (
      await db
        .selectFrom('post_count')
        .select(['views', 'replies'])
        .where('post_id', '=', (await row(key)).id)
        .orderBy('seen_at')
        .execute()
    ).map(({ views, replies }) => [views, replies])
  const later = (minutes: number) => new Date(AT + minutes * 60_000).toISOString()

  it('keeps the files that a page lists, hung on later too', async () => {
    const attachments = [{ name: '检修通知.pdf', url: 'https://bbs.example.cn/attachment/7' }]
    await record(rawPost('hung'))
    expect((await row('hung')).attachments).toBeNull()
    await record(rawPost('hung', { seenAt: later(5), attachments }))
    await record(rawPost('hung', { seenAt: later(9) }))
    expect(JSON.parse((await row('hung')).attachments ?? '')).toEqual(attachments)
    expect(await revisions('hung')).toHaveLength(1)
    const detail = await postDetail(db, (await row('hung')).id)
    expect(detail?.attachments).toEqual(attachments)
  })

  it('keeps a poll, its votes as last seen, without a revision', async () => {
    const poll = (votes: number | null) => ({ voters: 31, options: [{ text: '每周都停', votes }] })
    await record(rawPost('poll', { poll: poll(null) }))
    await record(rawPost('poll', { seenAt: later(5), poll: poll(20) }))
    await record(rawPost('poll', { seenAt: later(9) }))
    expect(await revisions('poll')).toHaveLength(1)
    expect((await postDetail(db, (await row('poll')).id))?.poll).toEqual(poll(20))
    expect((await postDetail(db, (await row('hung')).id))?.poll).toBeNull()
  })

  it('a post read again is one post: counters move, nothing else', async () => {
    expect((await record(rawPost('1'))).added).toBe(1)
    const again = await record(
      rawPost('1', { seenAt: later(5), counts: { views: 31, replies: 2, reposts: null, likes: null } }),
    )
    expect([again.added, again.changed]).toEqual([0, 0])
    expect(await counts('1')).toEqual([
      [10, 0],
      [31, 2],
    ])
    expect(await revisions('1')).toHaveLength(1)
    const { views, first_seen_at, last_seen_at } = await row('1')
    expect([views, first_seen_at, last_seen_at]).toEqual([31, AT, AT + 300_000])
  })

  it('the same page a second time in one delivery makes no second post either', async () => {
    const { added, ids } = await record(rawPost('2'), rawPost('2'), rawPost('2', { source: 'other' }))
    expect([added, ids.size]).toEqual([2, 2])
  })

  it('a counter that the page no longer shows keeps its last value', async () => {
    await record(rawPost('3'))
    await record(
      rawPost('3', { seenAt: later(1), counts: { views: null, replies: null, reposts: null, likes: null } }),
    )
    expect(await counts('3')).toEqual([[10, 0]])
    expect((await row('3')).views).toBe(10)
  })

  it('an edit is a revision and waits for analysis again; the first wording stays', async () => {
    await record(rawPost('4'))
    await db.updateTable('post').set({ to_analyse: 0 }).where('key', '=', '4').execute()
    const edited = rawPost('4', { seenAt: later(10), text: '已经有人来处理了，谢谢。' })
    expect((await record(edited)).changed).toBe(1)
    expect((await record({ ...edited, seenAt: later(11) })).changed).toBe(0)
    expect((await revisions('4')).map(({ revision, text }) => [revision, text.slice(0, 4)])).toEqual([
      [1, '第4帖：'],
      [2, '已经有人'],
    ])
    const { text, revision, to_analyse } = await row('4')
    expect([text, revision, to_analyse]).toEqual(['已经有人来处理了，谢谢。', 2, 1])
  })

  it('deleted or withheld, it keeps what it said and the time it was missed; back again, it is visible', async () => {
    await record(rawPost('5'))
    const gone = rawPost('5', { seenAt: later(20), state: 'gone', text: '', title: null, board: null })
    expect((await record(gone)).changed).toBe(0)
    await record({ ...gone, seenAt: later(40) })
    expect(await row('5')).toMatchObject({
      state: 'gone',
      gone_at: AT + 20 * 60_000,
      title: '第5帖',
      board: '百姓呼声',
      author_name: '湖塘小马',
    })
    expect((await row('5')).text).toContain('氨气泄漏')
    expect(await revisions('5')).toHaveLength(1)
    await record(rawPost('5', { seenAt: later(60) }))
    expect(await row('5')).toMatchObject({ state: 'visible', gone_at: null, revision: 1 })
  })

  it('what was never seen alive has no text and is not analysed, until it can be read', async () => {
    const hidden = rawPost('6', { state: 'restricted', text: '', author: { id: null, name: null } })
    await record(hidden)
    expect(await row('6')).toMatchObject({ text: '', to_analyse: 0, state: 'restricted' })
    expect(await revisions('6')).toEqual([])
    await record(rawPost('6', { seenAt: later(5) }))
    expect(await row('6')).toMatchObject({ to_analyse: 1, author_name: '湖塘小马', state: 'visible' })
  })

  it('an answer that arrives late changes nothing', async () => {
    await record(rawPost('7', { seenAt: later(30) }))
    const late = rawPost('7', { seenAt: later(10), text: '旧的', counts: rawPost('7').counts })
    expect((await record(late)).changed).toBe(0)
    expect((await row('7')).text).toContain('氨气泄漏')
  })

  it('a finer date replaces a coarse one, never the other way', async () => {
    await record(rawPost('8', { publishedPrecision: 'hour', publishedRaw: '半小时前' }))
    await record(rawPost('8', { seenAt: later(1), publishedRaw: '发表于 10:01:02' }))
    await record(rawPost('8', { seenAt: later(2), publishedPrecision: 'hour', publishedRaw: '1 小时前' }))
    expect(await row('8')).toMatchObject({
      published_precision: 'second',
      published_raw: '发表于 10:01:02',
    })
  })

  it('NUL and characters of every plane go in and come out', async () => {
    const text = '𠮷\u0000家😀 “引号” \\ % _ \' "'
    await record(rawPost('9', { text }))
    expect((await row('9')).text).toBe(text.replace('\u0000', ''))
  })

  it('a thread comes in the order of its floors', async () => {
    await record(
      rawPost('t#3', { parent: 't', floor: 3, kind: 'reply' }),
      rawPost('t'),
      rawPost('t#2', { parent: 't', floor: 2, kind: 'reply' }),
    )
    expect((await postsOfThread(db, 'board', 't')).map(({ key }) => key)).toEqual(['t', 't#2', 't#3'])
  })

  describe('analysis', () => {
    beforeEach(async () => {
      for (const table of ['outbox', 'hourly', 'daily', 'sketch', 'flag', 'analysis'] as const)
        await db.deleteFrom(table).execute()
      await db.updateTable('post').set({ to_analyse: 0 }).execute()
    })
    const save = (post: Unanalysed) => {
      const analysed = { post, analysis: pipeline.analyse(post), unitId: null, likeness: null }
      return db
        .transaction()
        .execute(async trx =>
          (await saveAnalyses(trx, [analysed], { version: 'v', at: AT })).get(post.postId),
        )
    }
    const analyse = async () => {
      const posts = await unanalysedPosts(db, 100)
      const flagged: boolean[] = []
      for (const post of posts) flagged.push((await save(post))?.flagged ?? false)
      return { posts, flagged }
    }
    const sums = async () => {
      const rows = await db.selectFrom('hourly').select(['posts', 'flagged']).execute()
      return [
        rows.reduce((sum, { posts }) => sum + Number(posts), 0),
        rows.reduce((sum, { flagged }) => sum + Number(flagged), 0),
      ]
    }

    it('puts up one flag, one count and a hint for search; said twice it changes nothing', async () => {
      await record(rawPost('a1'))
      const { posts, flagged } = await analyse()
      expect(flagged).toEqual([true])
      const [post] = posts
      if (!post) throw new Error('nothing waited')
      expect(await save(post)).toBeUndefined()
      expect(await sums()).toEqual([1, 1])
      const { outboxIds, postIds } = await outboxBatch(db, 10)
      expect([outboxIds.length, postIds]).toEqual([1, [post.postId]])
      const [document] = await searchDocuments(db, postIds)
      expect(document).toMatchObject({ flagged: true, source: 'board', board: '百姓呼声' })
      await db.transaction().execute(trx => clearOutbox(trx, outboxIds))
      expect((await outboxBatch(db, 10)).postIds).toEqual([])
      await db.transaction().execute(trx => refillOutbox(trx, AT))
      expect((await outboxBatch(db, 10)).postIds).toEqual([post.postId])
    })

    it('an edit is analysed anew, counted once, flagged once', async () => {
      await record(rawPost('a2'))
      await analyse()
      await record(rawPost('a2', { seenAt: later(9), text: `${rawPost('a2').text} 现在更重了。` }))
      expect((await analyse()).flagged).toEqual([false])
      expect(await sums()).toEqual([1, 1])
      expect(await db.selectFrom('flag').select('seq').execute()).toHaveLength(1)
    })

    it('a verdict on a text that changed meanwhile is thrown away', async () => {
      await record(rawPost('a3'))
      const [post] = await unanalysedPosts(db, 10)
      if (!post) throw new Error('nothing waited')
      await record(rawPost('a3', { seenAt: later(2), text: '没事了。' }))
      await save(post)
      expect(await db.selectFrom('flag').select('seq').execute()).toEqual([])
      expect((await unanalysedPosts(db, 10)).map(({ text }) => text)).toEqual(['没事了。'])
    })

    it('a copy of what staff already see is shown with it, not beside it', async () => {
      const { text } = rawPost('a4')
      await record(rawPost('a4'), rawPost('a5', { title: '第a4帖', text, source: 'other' }))
      expect((await analyse()).flagged).toEqual([true, false])
      // Both say something that concerns us; only one is put before staff.
      expect(await sums()).toEqual([2, 2])
      expect(await db.selectFrom('flag').select('seq').execute()).toHaveLength(1)
    })
  })
})
