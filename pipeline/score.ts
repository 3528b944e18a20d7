import type { Analysis, EventClass, PlaceMention, Reason } from './post.ts'
import type { RuleMatch } from './rules.ts'
import type { Topics } from './topics.ts'

type Verdict = Pick<
  Analysis,
  'flagged' | 'score' | 'gates' | 'reasons' | 'concern' | 'topics' | 'eventClass' | 'local' | 'suggestedUnit'
>

const clamp = (value: number) => Math.max(0, Math.min(1, value))
const round = (value: number) => Math.round(value * 1000) / 1000
const GATE = 0.5
const MOST_TOPICS = 3

/** What was found before anything is decided. */
export interface Evidence {
  /** 0..1, of the model alone. */
  model: { topic: number; action: number }
  /** Why the model thinks so; asked only for what staff may see. */
  explain: () => Reason[]
  rules: readonly { match: RuleMatch; reason: Omit<Reason, 'points'> }[]
  /** Points learned from what duty staff kept and dismissed, with their reasons. */
  feedback: { topic: number; reasons: Reason[] }
  /** A pattern of a concrete danger holds, not only talk about disasters. */
  tellsDanger: boolean
  /** Event classes that the text speaks of, likeliest first. */
  events: readonly EventClass[]
  places: readonly PlaceMention[]
}

/** A post without a place on a watched local board counts as local; elsewhere only what names Changzhou does. */
function localGate(
  places: readonly PlaceMention[],
  fromLocalSource: boolean,
): { gate: number; reason: Reason } {
  const here = places.filter(({ inChangzhou }) => inChangzhou)
  const away = places.filter(({ inChangzhou }) => inChangzhou === false)
  const spans = (list: readonly PlaceMention[]) =>
    list.slice(0, 5).map(({ field, start, end, text }) => ({ field, start, end, text }))
  const say = (gate: number, message: string, list: readonly PlaceMention[]) => ({
    gate,
    reason: { kind: 'place', rule: null, message, points: round(gate - GATE), spans: spans(list) } as Reason,
  })
  if (here.length)
    return say(1, `地点：${[...new Set(here.map(({ name }) => name))].slice(0, 3).join('、')}`, here)
  if (away.length)
    return say(0.2, `提到外地：${[...new Set(away.map(({ text }) => text))].slice(0, 3).join('、')}`, away)
  return fromLocalSource
    ? say(0.7, '没有写地点，发在本地信源，按本地计', [])
    : say(0.4, '没有写地点，也不在本地信源', [])
}

/** Who decided: the sentence that tells a rule from the model. */
function decidedBy(
  { model, rules, tellsDanger }: Evidence,
  gates: { topic: number; actionable: number },
): string {
  const byModel = model.topic >= GATE && model.action + (tellsDanger ? DANGER_POINTS : 0) >= GATE
  const passed = gates.topic >= GATE && gates.actionable >= GATE
  if (byModel === passed) return passed ? '模型与规则一致' : '模型与规则都未过线'
  const names = rules
    .filter(({ match: { rule } }) => {
      const points = (rule.topicPoints ?? 0) + (rule.actionPoints ?? 0)
      return passed ? points > 0 : points < 0
    })
    .map(({ match }) => `「${match.rule.name}」`)
  const who = names.length ? `规则${names.slice(0, 3).join('、')}` : '值班反馈'
  const alone = `模型单独为主题 ${round(model.topic)}、需处置 ${round(model.action)}`
  return passed ? `由${who}定为线索（${alone}）` : `由${who}压下（${alone}）`
}

/** Event, concern, topics and unit: a rule that takes part says first, then what the text speaks of most. */
function classify({ rules, events }: Evidence, topics: Topics) {
  const speaking = rules
    .map(({ match }) => match.rule)
    .filter(rule => (rule.topicPoints ?? 0) > 0 && (rule.eventClass || rule.topic))
    .sort((a, b) => (b.topicPoints ?? 0) - (a.topicPoints ?? 0))
  const eventClass = speaking.find(rule => rule.eventClass)?.eventClass ?? events[0] ?? 'other'
  const { concern, topic, unit } = topics[eventClass] ?? topics.other
  const all = [
    ...speaking.flatMap(rule => rule.topic ?? []),
    topic,
    ...events.slice(1, MOST_TOPICS).map(event => (topics[event] ?? topics.other).topic),
  ]
  return {
    eventClass,
    concern: speaking.some(rule => rule.concern === 'own')
      ? ('own' as const)
      : (speaking.find(rule => rule.concern)?.concern ?? concern),
    topics: [...new Set(all)].slice(0, MOST_TOPICS),
    suggestedUnit: speaking.find(rule => rule.unit)?.unit ?? unit,
  }
}

/** A concrete danger told counts as something to act on, however it is worded; not more for several. */
export const DANGER_POINTS = 0.25

/** Below this a post is so far from being flagged that nobody asks why. */
const NEAR_MISS = 0.35

/**
 * Three gates scored apart: topic, actionable, local. Model and rule points add up in each of the first two;
 * all three open = flagged; the score is the cube root of their product.
 */
export function judge(
  evidence: Evidence,
  topics: Topics,
  options: { anywhere: boolean; local: boolean },
): Verdict {
  const { model, rules, feedback, places } = evidence
  const byDanger = evidence.tellsDanger ? DANGER_POINTS : 0
  const points = (pick: (rule: RuleMatch['rule']) => number | undefined) =>
    rules.reduce((sum, { match }) => sum + (pick(match.rule) ?? 0), 0)
  const place = localGate(places, options.local)
  const gates = {
    topic: round(clamp(model.topic + points(rule => rule.topicPoints) + feedback.topic)),
    actionable: round(clamp(model.action + byDanger + points(rule => rule.actionPoints))),
    local: place.gate,
  }
  const isLocal = place.gate >= GATE
  const flagged = gates.topic >= GATE && gates.actionable >= GATE && (options.anywhere || isLocal)
  const score = round(Math.cbrt(gates.topic * gates.actionable * (options.anywhere ? 1 : gates.local)))
  const isAsked = flagged || rules.length > 0 || Math.min(gates.topic, gates.actionable) >= NEAR_MISS
  const reasons: Reason[] = [
    ...(isAsked ? evidence.explain() : []),
    ...feedback.reasons,
    ...rules.map(({ match: { rule }, reason }): Reason => {
      const sum = (rule.topicPoints ?? 0) + (rule.actionPoints ?? 0)
      const takesAway = (rule.topicPoints ?? 0) < 0 || (rule.actionPoints ?? 0) < 0
      return { ...reason, kind: takesAway ? 'homonym' : 'rule', points: round(sum) }
    }),
    place.reason,
    {
      kind: 'score',
      rule: null,
      message: `得分 ${score}：主题 ${gates.topic}、需处置 ${gates.actionable}、本地 ${gates.local}，各须达到 ${GATE}；${decidedBy(evidence, gates)}`,
      points: 0,
      spans: [],
    },
  ]
  const { eventClass, concern, topics: names, suggestedUnit } = classify(evidence, topics)
  return {
    flagged,
    score,
    gates,
    reasons: reasons.sort((a, b) => b.points - a.points),
    concern: flagged ? concern : null,
    topics: flagged ? names : [],
    eventClass: flagged ? eventClass : null,
    local: isLocal,
    suggestedUnit: flagged ? suggestedUnit : null,
  }
}
