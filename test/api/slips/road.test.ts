import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseWaiting } from '../../../api/analysis-job.ts'
import { verifyAudit } from '../../../api/audit.ts'
import type { DatabaseKind } from '../../../api/db/open.ts'
import { recordPosts } from '../../../api/posts/store.ts'
import { recordVerification } from '../../../api/slips/verification.ts'
import { seedSources } from '../../../api/sources/store.ts'
import type { RawPost } from '../../../pipeline/post.ts'
import { createPipeline } from '../../../pipeline/run.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext, uploadedPicture } from '../context.ts'
import { matter } from './texts.ts'

const at = (text: string) => Date.parse(`${text}+08:00`)

function post(key: string, text: string, seenAt: number): RawPost {
  return {
    source: 'zhongwu',
    key,
    url: `https://www.zhong5.cn/thread-${key}-1-1.html`,
    kind: 'thread',
    parent: null,
    floor: 1,
    board: '百姓呼声',
    title: '湖塘化工厂异味',
    author: { id: '7', name: '湖塘小马' },
    text,
    quote: null,
    images: [],
    publishedAt: new Date(seenAt - 3_600_000).toISOString(),
    publishedPrecision: 'minute',
    publishedRaw: '1 小时前',
    seenAt: new Date(seenAt).toISOString(),
    counts: { views: 10, replies: 0, reposts: null, likes: null },
    place: null,
    state: 'visible',
  }
}

let test: TestContext
/** Makes a flagged post and returns its id, found at that time. */
async function flaggedPost(key: string, time: number): Promise<number> {
  const { context, clock } = test
  clock.now = time
  const { ids } = await context.db
    .transaction()
    .execute(trx => recordPosts(trx, [post(key, matter(Number(key)).text, time)]))
  await analyseWaiting(context, createPipeline({ configDir: context.config.configDir }))
  return ids.get(`zhongwu\n${key}`) as number
}

interface Slip {
  id: number
  version: number
  status: string
  texts: { id: number; hash: string; approval: object | null }[]
  entries: { id: number }[]
  clocks: {
    dueAt: number | null
    stoppedAt: number | null
    onTime: boolean | null
    steps: { text: string }[]
  }[]
  number: string | null
  archiveNumber: string | null
  allowed: string[]
  history: { action: string }[]
}

async function create(login: string, postIds: number[], more: object = {}): Promise<Slip> {
  const key = `key-${postIds.join('-')}-${Math.random().toString(36).slice(2)}`
  const answer = await test.as(login)(
    'POST',
    '/api/slips',
    { postIds, foundHow: 'monitor', ...more },
    { 'idempotency-key': key },
  )
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

async function go(login: string, slip: Slip, action: string, body: object = {}): Promise<Slip> {
  const answer = await test.as(login)('POST', `/api/slips/${slip.id}/actions/${action}`, {
    version: slip.version,
    ...body,
  })
  expect(answer.statusCode, `${action}: ${answer.body}`).toBe(200)
  return answer.json()
}

async function refused(
  login: string,
  slip: Slip,
  action: string,
  body: object = {},
): Promise<{ code: string; message: string; details: Record<string, unknown> }> {
  const answer = await test.as(login)('POST', `/api/slips/${slip.id}/actions/${action}`, {
    version: slip.version,
    ...body,
  })
  expect(answer.statusCode, `${action} should be refused`).toBeGreaterThanOrEqual(400)
  const after = (await test.as('office')('GET', `/api/slips/${slip.id}`)).json()
  expect([after.version, after.status]).toEqual([slip.version, slip.status])
  return answer.json()
}

const CHEMICALS = 2
const draftText = {
  purpose: 'reply',
  body: '您好，已派员到现场检测，超标情况已责令停产整改。',
  mode: 'public',
}

async function judged(key: string, level: string, time: number, more: object = {}): Promise<Slip> {
  let slip = await create('duty', [await flaggedPost(key, time)])
  slip = await go('duty', slip, 'submit')
  return go('office', slip, 'judge', { level, ground: '涉及危险化学品', leadUnitId: CHEMICALS, ...more })
}

async function approved(
  slip: Slip,
  writer: string,
  approver: string,
  text: object = draftText,
): Promise<Slip> {
  let now = await go(writer, slip, 'saveText', text)
  const { id, hash } = now.texts.at(-1) as Slip['texts'][number]
  now = await go(writer, now, 'sendForReview', { textId: id })
  return go(approver, now, 'approve', { textId: id, textHash: hash, opinion: '同意' })
}

/** S-27: a picture of the reply, uploaded once for all. */
let picture: { sha256: string; fileName: string }
const replyBody = (slip: Slip, time: number) => ({
  entryId: (slip.entries[0] as { id: number }).id,
  textId: (slip.texts.at(-1) as { id: number }).id,
  accountId: 1,
  mode: 'public',
  url: 'https://www.zhong5.cn/thread-1-1-1.html#pid9',
  repliedAt: time,
  uploads: [picture],
})

const setUp = async (kind: DatabaseKind) => {
  test = await testContext(at('2019-05-06T09:00:00'), { open: () => freshDatabase(kind) })
  const { db } = test.context
  const charged = await db
    .selectFrom('unit')
    .select('id')
    .where('name', '=', '危险化学品安全监督管理处')
    .executeTakeFirstOrThrow()
  expect(charged.id).toBe(CHEMICALS)
  await db.transaction().execute(trx => seedSources(trx, [], 0))
  picture = await uploadedPicture(test)
}

describe.each(['sqlite', 'postgres'] as const)('the road of a slip on %s', kind => {
  beforeAll(() => setUp(kind))
  afterAll(() => test.close())

  it('一般性 from post to archive (S-7, S-10, S-12, S-13, S-14, S-15, S-25, S-34)', async () => {
    let slip = await judged('1', 'general', at('2019-05-06T09:30:00'))
    expect(slip.number).toBe('YQ〔2019〕001号')
    // S-14: found Mon 05-06, due Wed 05-08, 24:00.
    expect(slip.clocks[0]?.dueAt).toBe(at('2019-05-09T00:00:00'))
    // S-12: not before 送审, not by another leader, not by the drafter.
    slip = await go('staff', slip, 'saveText', draftText)
    const text = slip.texts[0] as Slip['texts'][number]
    expect(
      (await refused('leader', slip, 'approve', { textId: text.id, textHash: text.hash, opinion: '同意' }))
        .code,
    ).toBe('slip.state')
    slip = await go('staff', slip, 'sendForReview', { textId: text.id })
    expect(
      (await refused('head', slip, 'approve', { textId: text.id, textHash: text.hash, opinion: '同意' }))
        .code,
    ).toBe('slip.forbidden')
    slip = await go('leader', slip, 'approve', { textId: text.id, textHash: text.hash, opinion: '同意' })
    test.clock.now = at('2019-05-08T15:20:00')
    // S-13: the responsible unit replies, not 办公室.
    expect((await refused('office', slip, 'recordReply', replyBody(slip, test.clock.now))).code).toBe(
      'slip.forbidden',
    )
    slip = await go('staff', slip, 'recordReply', replyBody(slip, test.clock.now))
    expect(slip.clocks[0]).toMatchObject({ onTime: true, stoppedAt: at('2019-05-08T15:20:00') })
    // S-15, S-25: neither without tracking nor without a result.
    expect((await refused('staff', slip, 'finish', { result: '已停产整改' })).details.rule).toContain('S-15')
    slip = await go('staff', slip, 'addTracking', {
      views: 120,
      replies: 3,
      claims: '无新诉求',
      judgement: '平稳',
    })
    expect((await refused('staff', slip, 'finish', {})).details.rule).toContain('S-25')
    slip = await go('staff', slip, 'finish', { result: '企业已停产整改，复测达标。' })
    slip = await go('staff', slip, 'handOver')
    // S-34: archiving is 办公室's.
    expect((await refused('staff', slip, 'archive')).code).toBe('slip.forbidden')
    slip = await go('office', slip, 'archive')
    expect([slip.status, slip.archiveNumber]).toEqual(['archived', 'YQ2019-001'])
    expect(slip.allowed).toEqual([])
    expect(slip.history.map(({ action }) => action)).toEqual([
      'create',
      'submit',
      'judge',
      'saveText',
      'sendForReview',
      'approve',
      'recordReply',
      'addTracking',
      'finish',
      'handOver',
      'archive',
    ])
    expect((await verifyAudit(test.context.db)).problems).toEqual([])
  })

  it('较大、复杂性: a changed comma voids the approval (S-16, S-17, S-18, S-19)', async () => {
    let slip = await judged('2', 'complex', at('2019-06-03T09:30:00'))
    // S-19: found Mon 2019-06-03, due Tue 06-11, the Friday being 端午.
    expect(slip.clocks[0]?.dueAt).toBe(at('2019-06-12T00:00:00'))
    // S-16: 办公室 alone can't start the draft.
    const alone = await go('office', slip, 'saveText', draftText)
    expect(
      (await refused('office', alone, 'sendForReview', { textId: alone.texts[0]?.id })).details.rule,
    ).toContain('S-16')
    slip = await approved(alone, 'staff', 'chief', { ...draftText, body: `${draftText.body}谢谢。` })
    expect(slip.status).toBe('replying')
    slip = await go('office', slip, 'saveText', { ...draftText, body: `${draftText.body}，谢谢。` })
    expect([slip.status, slip.texts.filter(({ approval }) => approval).length]).toEqual(['drafting', 0])
    const last = slip.texts.at(-1) as Slip['texts'][number]
    slip = await go('office', slip, 'sendForReview', { textId: last.id })
    const wrongHash = { textId: last.id, textHash: '0'.repeat(64), opinion: '同意' }
    expect((await refused('chief', slip, 'approve', wrongHash)).code).toBe('slip.stale')
    slip = await go('chief', slip, 'approve', { textId: last.id, textHash: last.hash, opinion: '同意' })
    test.clock.now = at('2019-06-05T10:00:00')
    expect((await refused('staff', slip, 'recordReply', replyBody(slip, test.clock.now))).code).toBe(
      'slip.forbidden',
    )
    slip = await go('office', slip, 'recordReply', replyBody(slip, test.clock.now))
    expect(slip.status).toBe('tracking')
  })

  it('重大: opinion, approval, two reports, then the answer (S-20, S-21, S-22, S-24; design §5.14)', async () => {
    let slip = await create('duty', [await flaggedPost('3', at('2019-05-20T10:00:00'))])
    slip = await go('duty', slip, 'submit')
    const judgement = {
      level: 'major',
      ground: '可能影响全局',
      leadUnitId: CHEMICALS,
      dueAt: at('2019-05-20T20:00:00'),
    }
    slip = await go('office', slip, 'judge', judgement)
    expect(slip.status).toBe('judging')
    slip = await go('officehead', slip, 'confirmJudgement', { agree: true })
    expect([slip.status, slip.clocks[0]?.dueAt]).toEqual(['drafting', at('2019-05-20T20:00:00')])
    expect(
      (await refused('staff', slip, 'saveText', { purpose: 'opinion', body: '建议', mode: 'public' })).code,
    ).toBe('slip.forbidden')
    expect((await refused('office', slip, 'saveText', draftText)).details.rule).toContain('S-22')
    slip = await approved(slip, 'office', 'chief', {
      purpose: 'opinion',
      body: '建议立即上报并现场处置。',
      mode: 'public',
    })
    expect(slip.status).toBe('reporting')
    test.clock.now = at('2019-05-20T12:30:00')
    const report = (receiver: string, time: string) => ({
      receiver,
      sentAt: at(time),
      way: '传真',
      handler: '徐静',
    })
    slip = await go('office', slip, 'recordReport', report('province', '2019-05-20T12:05:00'))
    expect(slip.status).toBe('reporting')
    slip = await go('office', slip, 'recordReport', report('propaganda', '2019-05-20T12:20:00'))
    expect([slip.status, slip.clocks[0]?.stoppedAt, slip.clocks[0]?.onTime]).toEqual([
      'drafting',
      at('2019-05-20T12:20:00'),
      true,
    ])
    slip = await approved(slip, 'office', 'chief')
    slip = await go('office', slip, 'recordReply', replyBody(slip, test.clock.now))
    expect(slip.status).toBe('tracking')
  })

  it('extension only after an initial response; day 7, and beyond by 主要领导 (S-29, S-30, S-31)', async () => {
    let slip = await judged('4', 'complex', at('2019-05-20T09:00:00'))
    expect(slip.clocks[0]?.dueAt).toBe(at('2019-05-28T00:00:00'))
    const until = (untilDay: string) => ({ untilDay, reason: '需第三方检测' })
    expect((await refused('staff', slip, 'requestExtension', until('2019-05-29'))).details.rule).toContain(
      'S-29',
    )
    slip = await approved(slip, 'staff', 'chief', {
      purpose: 'initial',
      body: '情况正在核实，因需检测，将于 29 日前答复。',
      mode: 'public',
    })
    test.clock.now = at('2019-05-22T16:00:00')
    slip = await go('office', slip, 'recordReply', replyBody(slip, test.clock.now))
    expect(slip.status).toBe('drafting')
    slip = await go('staff', slip, 'requestExtension', until('2019-05-29'))
    const { extensions } = slip as unknown as {
      extensions: { id: number; beyondSeven: boolean; warning: string | null }[]
    }
    expect(extensions[0]).toMatchObject({ beyondSeven: false, warning: null })
    // S-31: never by the requester's side.
    expect((await refused('leader', slip, 'grantExtension', { extensionId: extensions[0]?.id })).code).toBe(
      'slip.forbidden',
    )
    slip = await go('chief', slip, 'grantExtension', { extensionId: extensions[0]?.id })
    expect(slip.clocks[0]?.dueAt).toBe(at('2019-05-30T00:00:00'))
    expect((await refused('staff', slip, 'requestExtension', until('2019-06-05'))).details.rule).toContain(
      'S-30',
    )
    slip = await go('staff', slip, 'requestExtension', { ...until('2019-06-05'), beyondSeven: true })
    const beyond = (slip as unknown as { extensions: typeof extensions }).extensions.at(-1)
    expect(beyond?.beyondSeven).toBe(true)
    expect(
      (await refused('chief', slip, 'grantExtension', { extensionId: beyond?.id })).details.rule,
    ).toContain('S-30')
    slip = await go('chief', slip, 'grantExtension', { extensionId: beyond?.id, reason: '检测机构排期' })
    expect(slip.clocks[0]?.dueAt).toBe(at('2019-06-06T00:00:00'))
  })

  it('level change runs from the original day 0 and voids the lower approval (S-32)', async () => {
    let slip = await judged('5', 'general', at('2019-05-20T09:05:00'))
    expect(slip.clocks[0]?.dueAt).toBe(at('2019-05-23T00:00:00'))
    slip = await approved(slip, 'staff', 'leader')
    test.clock.now = at('2019-05-22T10:00:00')
    slip = await go('office', slip, 'changeLevel', { level: 'complex', ground: '媒体关注' })
    expect([slip.status, slip.clocks[0]?.dueAt, slip.texts[0]?.approval]).toEqual([
      'drafting',
      at('2019-05-28T00:00:00'),
      null,
    ])
    test.clock.now = at('2019-05-28T00:00:00')
    expect((await refused('office', slip, 'changeLevel', { level: 'general', ground: '降级' })).code).toBe(
      'slip.forbidden',
    )
  })

  it('the same key makes one slip; a post that is on a slip is not taken twice (S-9)', async () => {
    const postId = await flaggedPost('6', at('2019-05-21T09:00:00'))
    const body = { postIds: [postId], foundHow: 'monitor' }
    const send = () => test.as('duty')('POST', '/api/slips', body, { 'idempotency-key': 'double-click-1' })
    const [one, two] = await Promise.all([send(), send()])
    expect(one.json().id).toBe(two.json().id)
    const other = await test.as('duty')('POST', '/api/slips', body, { 'idempotency-key': 'another-key-1' })
    expect([other.statusCode, other.json().code]).toEqual([409, 'post.handled'])
  })

  it('the second of two writers is told what changed', async () => {
    const slip = await judged('7', 'general', at('2019-05-21T10:00:00'))
    await go('staff', slip, 'saveText', draftText)
    const answer = await test.as('head')('POST', `/api/slips/${slip.id}/actions/saveText`, {
      version: slip.version,
      ...draftText,
      body: '另一稿',
    })
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'slip.stale'])
    expect(answer.json().details.changes.map(({ action }: { action: string }) => action)).toEqual([
      'saveText',
    ])
  })

  it('post gone: an approved reason for none is feedback, nothing to track (S-36, design §5.5)', async () => {
    const time = at('2019-05-21T11:00:00')
    let slip = await judged('8', 'general', time)
    slip = await approved(slip, 'staff', 'leader', {
      purpose: 'none',
      body: '原帖已删除，建议不再回复。',
      mode: 'none',
    })
    slip = await go('office', slip, 'recordNoReply', {
      entryId: slip.entries[0]?.id,
      noReplyReason: 'gone',
      reason: '原帖已删',
    })
    expect(slip.status).toBe('tracking')
    const gone = { ...post('8', '', time + 60_000), state: 'gone' as const }
    await test.context.db.transaction().execute(trx => recordPosts(trx, [gone]))
    slip = await go('staff', slip, 'finish', { result: '已电话联系发帖人。' })
    expect(slip.status).toBe('finished')
  })

  it('a private answer needs its reason code and a picture (S-28)', async () => {
    const slip = await judged('9', 'general', at('2019-05-21T12:00:00'))
    expect(
      (await refused('staff', slip, 'saveText', { ...draftText, mode: 'private' })).details.rule,
    ).toContain('S-28')
    const ready = await approved(slip, 'staff', 'leader', {
      ...draftText,
      mode: 'private',
      privateReason: 'privacy',
    })
    const body = { ...replyBody(ready, test.clock.now), mode: 'private', url: undefined, uploads: [] }
    expect((await refused('staff', ready, 'recordReply', body)).details.rule).toContain('S-27')
  })

  it("the page's own time replaces the typed one once read back (design §5.2)", async () => {
    let slip = await judged('10', 'general', at('2019-05-21T13:00:00'))
    slip = await approved(slip, 'staff', 'leader')
    test.clock.now = at('2019-05-23T23:50:00')
    slip = await go('staff', slip, 'recordReply', replyBody(slip, test.clock.now))
    expect(slip.clocks[0]?.onTime).toBe(true)
    const { db } = test.context
    const reply = await db
      .selectFrom('slip_reply')
      .select('id')
      .where('slip_id', '=', slip.id)
      .executeTakeFirstOrThrow()
    const pageRepliedAt = at('2019-05-24T00:03:00')
    await db.transaction().execute(trx =>
      recordVerification(trx, {
        replyId: reply.id,
        found: 'verified',
        difference: null,
        pageRepliedAt,
        page: null,
        at: pageRepliedAt + 60_000,
      }),
    )
    const after: Slip = (await test.as('office')('GET', `/api/slips/${slip.id}`)).json()
    expect(after.clocks[0]).toMatchObject({ onTime: false, stoppedAt: pageRepliedAt })
    expect((await verifyAudit(db)).problems).toEqual([])
  })

  it('the administrator sees no case; tasks and the board show what waits for whom', async () => {
    expect((await test.as('admin')('GET', '/api/slips')).statusCode).toBe(403)
    const slip = await judged('11', 'general', at('2019-05-21T14:00:00'))
    const tasks = (await test.as('staff')('GET', '/api/tasks')).json() as { slipId: number; what: string }[]
    expect(tasks.find(({ slipId }) => slipId === slip.id)?.what).toBe('待拟稿')
    test.clock.now = at('2019-05-24T00:00:00')
    const board = (await test.as('office')('GET', '/api/deadlines')).json() as {
      slipId: number
      urgency: string
    }[]
    expect(board.find(({ slipId }) => slipId === slip.id)?.urgency).toBe('overdue')
    const search = (await test.as('duty')('GET', '/api/posts?text=%E6%B0%A8%E6%B0%94&limit=5')).json()
    expect(search.total).toBeGreaterThan(5)
  })
})
