import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { StatementSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ERRORS, type ErrorCode } from '../../../api/errors.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { SLIP_ACTIONS, type SlipAction } from '../../../api/vocabulary.ts'
import { type TestContext, testContext } from '../context.ts'
import { type NestedDatabase, openNested } from '../savepoints.ts'
import { addCast, KINDS, type UNITS } from './cast.ts'
import { EXPECTED, FIXTURES, type Fixture, WRITES } from './expected.ts'
import { at, INITIAL, NONE, OPINION, REPLY, Road } from './road.ts'

const FOUND = at('2019-05-06T09:00:00')
const MINUTE = 60_000
const ACTIONS = Object.keys(SLIP_ACTIONS) as SlipAction[]

let test: TestContext
let nested: NestedDatabase
let road: Road
let units: Map<keyof typeof UNITS, number>
/** A flagged post that no slip has. */
let spare: number

beforeAll(async () => {
  test = await testContext(FOUND, {
    open: folder => {
      nested = openNested(join(folder, 'nested.sqlite'))
      return nested.database
    },
  })
  units = (await addCast(test.context, '2019-05-06')).units
  road = await Road.open(test)
  for (const kind of KINDS) await test.cookie(kind.toLowerCase())
  await test.cookie('office')
})
afterAll(() => test.close())

const lower = (kind: string) => kind.toLowerCase()
const go = (kind: string, slip: SlipDetail, action: SlipAction, body: object = {}) => {
  test.clock.now += MINUTE
  return road.go(lower(kind), slip, action, body)
}
const lead = () => units.get('lead') as number

async function draft(): Promise<SlipDetail> {
  const manual = {
    platform: '微博',
    url: 'https://weibo.com/1/abc',
    title: '化工厂异味',
    text: '湖塘化工厂半夜异味，没人管吗',
    publishedAt: null,
    publishedPrecision: null,
    uploads: [road.picture],
  }
  return road.create('ownduty', { postIds: [await road.flaggedPost()], manual: [manual] })
}

const judging = async () => go('ownDuty', await draft(), 'submit')
const judge = async (level: string, kind = 'officeChief') =>
  go(kind, await judging(), 'judge', {
    level,
    ground: '涉及危险化学品',
    leadUnitId: lead(),
    ...(level === 'major' && { dueAt: FOUND + 12 * 60 * MINUTE }),
  })

async function answerAll(slip: SlipDetail, kind: string, action: 'recordReply' | 'recordNoReply') {
  let now = slip
  const initial = now.texts.findLast(({ approval }) => approval)?.purpose === 'initial'
  for (const [entryAt, entry] of slip.entries.entries()) {
    const answered = now.entries[entryAt]?.reply
    if (answered && (initial || answered.kind !== 'initial')) continue
    const none = { entryId: entry.id, noReplyReason: 'gone', reason: '原帖已删' }
    now = await go(kind, now, action, action === 'recordReply' ? road.reply(now, entryAt) : none)
  }
  return now
}

/** 拟稿, with the initial response behind it and a third post added since. */
async function drafting(level: 'g' | 'c'): Promise<SlipDetail> {
  const [approver, replier] = level === 'g' ? ['inCharge', 'leadStaff'] : ['bureauChief', 'officer']
  const judged = await judge(level === 'g' ? 'general' : 'complex')
  const initial = await road.approved(judged, 'leadstaff', lower(approver), INITIAL)
  const told = await answerAll(initial, replier, 'recordReply')
  const more = await go('leadStaff', told, 'attachPost', { postId: await road.flaggedPost() })
  return go('leadStaff', more, 'saveText', REPLY)
}

const until =
  (level: 'g' | 'c', untilDay: string, more: object = {}) =>
  async () =>
    go('leadStaff', await drafting(level), 'requestExtension', { untilDay, reason: '需检测', ...more })

const textId = (slip: SlipDetail) => ({ textId: slip.texts.at(-1)?.id })
const reviewing = async (level: 'g' | 'c') => {
  const slip = await drafting(level)
  return go('leadStaff', slip, 'sendForReview', textId(slip))
}
async function approve(slip: SlipDetail, kind: string): Promise<SlipDetail> {
  const { id, hash } = slip.texts.at(-1) as SlipDetail['texts'][number]
  return go(kind, slip, 'approve', { textId: id, textHash: hash, opinion: '同意' })
}
const replying = async (level: 'g' | 'c') =>
  approve(await reviewing(level), level === 'g' ? 'inCharge' : 'bureauChief')
const replyingNone = async (level: 'g' | 'c') => {
  const saved = await go('leadStaff', await drafting(level), 'saveText', NONE)
  const sent = await go('leadStaff', saved, 'sendForReview', textId(saved))
  return approve(sent, level === 'g' ? 'inCharge' : 'bureauChief')
}
const TRACK = { views: 120, replies: 3, claims: '无新诉求', judgement: '平稳' }
async function tracking(level: 'g' | 'c' | 'm'): Promise<SlipDetail> {
  const ready = level === 'm' ? await majorReplying() : await replying(level)
  const answered = await answerAll(ready, level === 'g' ? 'leadStaff' : 'officer', 'recordReply')
  expect(answered.status).toBe('tracking')
  return go('leadStaff', answered, 'addTracking', TRACK)
}
const finished = async (level: 'g' | 'c' | 'm') =>
  go('leadStaff', await tracking(level), 'finish', { result: '企业已停产整改。' })
const filing = async (level: 'g' | 'c' | 'm') => go('leadStaff', await finished(level), 'handOver')
const archived = async () => go('officer', await filing('g'), 'archive')

const majorDrafting = async () => go('officer', await judge('major'), 'saveText', OPINION)
const majorReviewing = async () => {
  const slip = await majorDrafting()
  return go('officer', slip, 'sendForReview', textId(slip))
}
const reporting = async () => approve(await majorReviewing(), 'bureauChief')
const report = (receiver: string, more: object = {}) => ({
  receiver,
  sentAt: test.clock.now,
  way: '传真',
  handler: '徐静',
  receipt: '已收到',
  ...more,
})
async function majorDraftingReply(): Promise<SlipDetail> {
  const one = await go('officer', await reporting(), 'recordReport', report('province'))
  const both = await go('officer', one, 'recordReport', report('propaganda'))
  return go('officer', both, 'saveText', REPLY)
}
const majorReviewingReply = async () => {
  const slip = await majorDraftingReply()
  return go('officer', slip, 'sendForReview', textId(slip))
}
const majorReplying = async () => approve(await majorReviewingReply(), 'bureauChief')

const BUILD: Record<Fixture, () => Promise<SlipDetail>> = {
  draft,
  returned: async () => go('officer', await judging(), 'sendBack', { reason: '请补充地点' }),
  judging,
  pendingMajor: () => judge('major', 'officer'),
  gDrafting: () => drafting('g'),
  gExtension: until('g', '2019-05-15'),
  gReviewing: () => reviewing('g'),
  gReviewingOwn: async () => {
    const saved = await go('dual', await drafting('g'), 'saveText', { ...REPLY, body: '已责令停产。' })
    return go('dual', saved, 'sendForReview', textId(saved))
  },
  gReplying: () => replying('g'),
  gReplyingNone: () => replyingNone('g'),
  gTracking: () => tracking('g'),
  gFinished: () => finished('g'),
  gFiling: () => filing('g'),
  gArchived: archived,
  gVoid: async () => go('officer', await drafting('g'), 'void', { reason: '重复填报' }),
  cDrafting: () => drafting('c'),
  cExtension: until('c', '2019-05-15'),
  cBeyond: until('c', '2019-05-20', { beyondSeven: true }),
  cReviewing: () => reviewing('c'),
  cReplying: () => replying('c'),
  cReplyingNone: () => replyingNone('c'),
  cTracking: () => tracking('c'),
  cFinished: () => finished('c'),
  cFiling: () => filing('c'),
  mDrafting: majorDrafting,
  mReviewing: majorReviewing,
  mReporting: reporting,
  mDraftingReply: majorDraftingReply,
  mReviewingReply: majorReviewingReply,
  mReplying: majorReplying,
  mTracking: () => tracking('m'),
  mFinished: () => finished('m'),
  mFiling: () => filing('m'),
}

const NOBODY = 999_999
/** A body that is right for the slip as it stands, for whoever may. */
function bodyOf(action: SlipAction, slip: SlipDetail, kind: string): object {
  const text = slip.texts.at(-1)
  const reply = slip.texts.findLast(({ approval, purpose }) => approval && purpose !== 'initial')
  // A post that nobody has answered, where there is one.
  const last = slip.entries.at(-1)?.id
  const open = slip.extensions.find(({ state }) => state === 'open')?.id ?? NOBODY
  const major = slip.level === 'major'
  const dueAt = test.clock.now + 60 * MINUTE
  const oral = ['bureauChief', 'actingChief'].includes(kind) ? { way: '口头', receipt: '' } : {}
  const bodies: Record<SlipAction, object> = {
    edit: { title: '化工厂异味（补充）' },
    submit: { reason: '补报' },
    sendBack: { reason: '请补充' },
    judge: { level: 'general', ground: '单一诉求', leadUnitId: lead() },
    confirmJudgement: { agree: true },
    changeFoundAt: { foundAt: slip.foundAt - MINUTE / 2, reason: '值班记录为准' },
    requestTransfer: { toUnitId: units.get('other'), reason: '不属本处室' },
    reassign: { leadUnitId: units.get('other'), reason: '职责所在' },
    changeLevel: { level: slip.level === 'complex' ? 'general' : 'complex', ground: '重新研判' },
    saveText: {
      ...(text
        ? { purpose: text.purpose, mode: text.mode }
        : { purpose: major ? 'opinion' : 'reply', mode: 'public' }),
      body: '换一种说法。',
    },
    sendForReview: { textId: text?.id ?? NOBODY },
    withdraw: {},
    approve: { textId: text?.id ?? NOBODY, textHash: text?.hash ?? '0', opinion: '同意' },
    return: { reason: '请说明检测结果' },
    countersign: { textId: text?.id ?? NOBODY, textHash: text?.hash ?? '0', opinion: '同意' },
    instruct: { body: '请抓紧核查。' },
    recordReply: road.reply(slip, 0, { textId: reply?.id ?? NOBODY }),
    recordNoReply: { entryId: slip.entries[0]?.id, noReplyReason: 'gone', reason: '原帖已删' },
    recordReport: report('province', oral),
    recordReceipt: { reportId: slip.reports[0]?.id ?? NOBODY, receipt: '回执第 3 号' },
    requestExtension: { untilDay: '2019-05-15', reason: '需检测' },
    grantExtension: { extensionId: open, reason: '同意' },
    refuseExtension: { extensionId: open, reason: '抓紧办理' },
    addTracking: TRACK,
    openRound: { reason: '网友再次反映', foundAt: test.clock.now, ...(major && { dueAt }) },
    setResult: { result: '已停产整改。' },
    finish: { result: '已停产整改。' },
    handOver: {},
    archive: {},
    addEvidence: { entryId: slip.entries[0]?.id, uploads: [road.picture] },
    void: { reason: '重复' },
    attachPost: { postId: spare },
    detachPost: { entryId: last, reason: '不是同一件事' },
  }
  return bodies[action]
}

const givenOf = (action: SlipAction, fixture: Fixture, kind: string) =>
  EXPECTED[action].find(given => given.in.includes(fixture) && given.who.includes(kind))

/** Whoever is asked next is told of it. */
const TOLD = ['notice', 'notice_recipient']
/** Sessions come and go by themselves; the years' notices are long and no act on a slip knows them. */
const APART = ['session', 'calendar_notice']
let selects: [string, StatementSync][] | undefined

/** Hash of every table's content. */
function digest(): Map<string, string> {
  selects ??= (
    nested.raw
      .prepare("select name, wr from pragma_table_list where schema = 'main' and name not like 'sqlite_%'")
      .all() as { name: string; wr: 0 | 1 }[]
  )
    .filter(({ name }) => !APART.includes(name))
    // A table without rowid comes in the order of its key.
    .map(({ name, wr }) => [
      name,
      nested.raw.prepare(`select * from "${name}"${wr ? '' : ' order by rowid'}`),
    ])
  return new Map(
    selects.map(([name, select]) => [
      name,
      createHash('sha256').update(JSON.stringify(select.all())).digest('hex'),
    ]),
  )
}
const changed = (before: Map<string, string>, after: Map<string, string>) =>
  [...after].filter(([name, hash]) => before.get(name) !== hash).map(([name]) => name)

describe('every act on a slip in every state by every kind of person', () => {
  it('the table speaks of acts, states and people that there are', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual([...ACTIONS].sort())
    for (const given of Object.values(EXPECTED).flat())
      expect([
        given.who.filter(kind => !KINDS.includes(kind)),
        given.in.filter(name => !FIXTURES.includes(name)),
      ]).toEqual([[], []])
  })

  for (const fixture of FIXTURES)
    it(fixture, async () => {
      test.clock.now = FOUND
      await nested.undone(async () => {
        const slip = await BUILD[fixture]()
        test.clock.now += MINUTE
        spare = await road.flaggedPost()
        const before = digest()
        const wrong: string[] = []
        for (const action of ACTIONS) wrong.push(...(await refusals(fixture, slip, action)))
        expect([wrong, changed(before, digest())]).toEqual([[], []])
        for (const action of ACTIONS) wrong.push(...(await permissions(fixture, slip, action, before)))
        expect(wrong).toEqual([])
      })
    })
})

/** Everyone who may not: 403 or 409 with a code of the table; the caller looks that nothing has changed anywhere. */
async function refusals(fixture: Fixture, slip: SlipDetail, action: SlipAction): Promise<string[]> {
  const wrong: string[] = []
  for (const kind of KINDS) {
    const given = givenOf(action, fixture, kind)
    if (given && !given.invalid) continue
    const answer = await road.call(lower(kind), slip, action, bodyOf(action, slip, kind))
    const { code } = answer.json() as { code: ErrorCode }
    const status = answer.statusCode
    const expected = given ? [400] : [403, 409]
    if (!expected.includes(status) || ERRORS[code]?.status !== status)
      wrong.push(`${kind} ${action}: ${status} ${answer.body.slice(0, 120)}`)
  }
  return wrong
}

/** Everyone who may: 200, the expected state, one more version and audit entry, these tables and no others. */
async function permissions(
  fixture: Fixture,
  slip: SlipDetail,
  action: SlipAction,
  before: Map<string, string>,
): Promise<string[]> {
  const wrong: string[] = []
  for (const kind of KINDS) {
    const given = givenOf(action, fixture, kind)
    if (!given || given.invalid) continue
    await nested.undone(async () => {
      const answer = await road.call(lower(kind), slip, action, bodyOf(action, slip, kind))
      if (answer.statusCode !== 200) {
        wrong.push(`${kind} ${action}: ${answer.statusCode} ${answer.body.slice(0, 160)}`)
        return
      }
      const after = answer.json() as SlipDetail
      const state = given.to ?? slip.status
      const last = after.history.at(-1)
      if (after.status !== state) wrong.push(`${kind} ${action}: ${after.status}, not ${state}`)
      if (after.version !== slip.version + 1 || last?.action !== action || last.seq !== after.version)
        wrong.push(`${kind} ${action}: version ${after.version}, last entry ${last?.action}`)
      const tables = changed(before, digest())
      const { must, may = [] } = WRITES[action]
      const needed = ['slip', 'audit_entry', ...must].filter(name => !tables.includes(name))
      const extra = tables.filter(name => !['slip', 'audit_entry', ...TOLD, ...must, ...may].includes(name))
      if (needed.length || extra.length)
        wrong.push(`${kind} ${action}: did not write ${needed.join()}, but ${extra.join()}`)
    })
  }
  return wrong
}
