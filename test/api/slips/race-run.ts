import { expect } from 'vitest'
import { verifyAudit } from '../../../api/audit.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { verifySlips } from '../../../api/slips/verify.ts'
import type { SlipAction } from '../../../api/vocabulary.ts'
import { freshDatabase } from '../../databases.ts'
import { testContext } from '../context.ts'
import { addCast } from './cast.ts'
import { at, REPLY, Road } from './road.ts'

const MANUAL = { noUrlReason: '电话反映', title: '储罐漏气', text: '厂区储罐漏气。', platform: '群众来电' }
const POSTED = { publishedAt: null, publishedPrecision: null, uploads: [] }

type Rival = [login: string, action: SlipAction, body: (slip: SlipDetail) => object]
const seen = ({ texts }: SlipDetail) => ({
  textId: texts.at(-1)?.id,
  textHash: texts.at(-1)?.hash,
  opinion: '同意',
})
/** What may befall a slip in review, by whom. */
const RIVALS: Rival[] = [
  ['incharge', 'approve', seen],
  ['bureauchief', 'approve', seen],
  ['incharge', 'saveText', ({ version }) => ({ ...REPLY, body: `${REPLY.body}（改 ${version}）` })],
  ['officer', 'void', () => ({ reason: '重复' })],
  ['officer', 'changeLevel', () => ({ level: 'complex', ground: '多人反映' })],
  ['leadstaff', 'withdraw', () => ({})],
  ['incharge', 'return', () => ({ reason: '请核实' })],
]

export interface RaceRun {
  rounds: number
  /** Rounds by what the two answers were, e.g. `200 409`. */
  outcomes: Record<string, number>
  problems: string[]
  seconds: number
}

/** `rounds` times two people act on the same slip, on the version both see, in the same second. */
export async function raceRun(kind: 'sqlite' | 'postgres', rounds: number): Promise<RaceRun> {
  const startedAt = performance.now()
  const test = await testContext(at('2019-05-06T09:00:00'), { open: () => freshDatabase(kind) })
  try {
    await addCast(test.context, '2019-05-06')
    const road = await Road.open(test)
    const outcomes: Record<string, number> = {}
    for (let round = 0; round < rounds; round++) {
      test.clock.now += 60_000
      if (test.clock.now > at('2019-05-06T20:00:00')) test.clock.now = at('2019-05-06T09:00:00')
      const slip = await underReview(road)
      const pair = pairOf(round)
      const answers = await Promise.all(
        pair.map(([login, action, body]) => road.call(login, slip, action, body(slip))),
      )
      const statuses = answers.map(({ statusCode }) => statusCode).sort()
      const outcome = statuses.join(' ')
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      const winner = pair[answers.findIndex(({ statusCode }) => statusCode === 200)]?.[1]
      const loser = answers.find(({ statusCode }) => statusCode !== 200)?.json()
      // The second is told by what he was overtaken.
      expect(loser, `round ${round} ${pair.map(([, action]) => action)}`).toMatchObject({
        code: 'slip.stale',
        details: { changes: [{ action: winner }] },
      })
      const after = await road.read('officer', slip.id)
      expect(after.version).toBe(slip.version + 1)
      expect(after.history).toHaveLength(slip.history.length + 1)
    }
    const problems = [
      ...(await verifyAudit(test.context.db)).problems,
      ...(await verifySlips(test.context.db)).problems,
    ]
    return { rounds, outcomes, problems, seconds: (performance.now() - startedAt) / 1000 }
  } finally {
    await test.close()
  }
}

/** Every pair comes in turn, in both orders. */
function pairOf(round: number): [Rival, Rival] {
  const first = round % RIVALS.length
  const second = (first + 1 + (Math.floor(round / RIVALS.length) % (RIVALS.length - 1))) % RIVALS.length
  return [RIVALS[first] as Rival, RIVALS[second] as Rival]
}

async function underReview(road: Road): Promise<SlipDetail> {
  const made = await road.create('ownduty', {
    foundHow: 'public',
    manual: [{ ...MANUAL, ...POSTED }],
    topic: '安全生产',
    summary: '储罐漏气',
  })
  const sent = await road.go('ownduty', made, 'submit')
  const judged = await road.go('officer', sent, 'judge', {
    level: 'general',
    ground: '需核实',
    leadUnitId: 2,
  })
  return road.sent(judged, 'leadstaff', REPLY)
}
