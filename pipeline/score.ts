import type { Analysis, EventClass, PlaceMention, Reason } from './post.ts'
import type { RuleMatch } from './rules.ts'

type Verdict = Pick<
  Analysis,
  | 'flagged'
  | 'score'
  | 'gates'
  | 'reasons'
  | 'concern'
  | 'topics'
  | 'eventClass'
  | 'severityHint'
  | 'local'
  | 'suggestedUnit'
>

const clamp = (value: number) => Math.max(0, Math.min(1, value))
const round = (value: number) => Math.round(value * 1000) / 1000
const GATE = 0.5

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

/** Three gates scored apart: topic, actionable, local. All three open = flagged; the score is their product's root. */
export function judge(
  found: readonly { match: RuleMatch; reason: Omit<Reason, 'points'> }[],
  places: readonly PlaceMention[],
  options: { anywhere: boolean; local: boolean },
): Verdict {
  let topicPoints = 0
  let actionPoints = 0
  const reasons: Reason[] = []
  for (const { match, reason } of found) {
    const topic = match.rule.topicPoints ?? 0
    const action = match.rule.actionPoints ?? 0
    topicPoints += topic
    actionPoints += action
    const takesAway = topic < 0 || action < 0
    reasons.push({ ...reason, kind: takesAway ? 'homonym' : 'rule', points: round(topic + action) })
  }
  const place = localGate(places, options.local)
  reasons.push(place.reason)
  const gates = {
    topic: round(clamp(topicPoints)),
    actionable: round(clamp(actionPoints)),
    local: place.gate,
  }
  const isLocal = place.gate >= GATE
  const flagged = gates.topic >= GATE && gates.actionable >= GATE && (options.anywhere || isLocal)
  const score = round(Math.cbrt(gates.topic * gates.actionable * (options.anywhere ? 1 : gates.local)))
  reasons.push({
    kind: 'score',
    rule: null,
    message: `得分 ${score}：主题 ${gates.topic}、需处置 ${gates.actionable}、本地 ${gates.local}，各须达到 ${GATE}`,
    points: 0,
    spans: [],
  })
  const topical = found
    .map(({ match }) => match.rule)
    .filter(rule => (rule.topicPoints ?? 0) > 0 && rule.topic)
    .sort((a, b) => (b.topicPoints ?? 0) - (a.topicPoints ?? 0))
  const [main] = topical
  const severities = topical.flatMap(({ severity }) => severity ?? [])
  return {
    flagged,
    score,
    gates,
    reasons: reasons.sort((a, b) => b.points - a.points),
    concern: flagged
      ? topical.some(({ concern }) => concern === 'own')
        ? 'own'
        : (main?.concern ?? 'watch')
      : null,
    topics: flagged ? [...new Set(topical.map(({ topic }) => topic as string))] : [],
    eventClass: flagged ? ((main?.eventClass ?? 'other') as EventClass) : null,
    severityHint: flagged ? ((severities.length ? Math.max(...severities) : 1) as 1 | 2 | 3) : null,
    local: isLocal,
    suggestedUnit: flagged ? (topical.find(({ unit }) => unit)?.unit ?? null) : null,
  }
}
