/** The checklist of requirements §3.1.4: what the analysis ticks, for people to decide (S-10, S-11, A-11). Pure. */
import type { SeverityGround, SeveritySign } from '../../pipeline/post.ts'
import type { ChecklistRow, MediaLevel } from '../vocabulary.ts'

export interface Tick {
  row: ChecklistRow
  /** Why, as a sentence, and the words of the post that it rests on. */
  message: string
  phrases: string[]
}

const ROWS: Record<SeveritySign, ChecklistRow> = {
  deaths: 'casualties',
  missing: 'casualties',
  injured: 'danger',
  trapped: 'danger',
  evacuated: 'danger',
  explosion: 'casualties',
  leak: 'danger',
  collapse: 'danger',
  school: 'danger',
  manyPeople: 'coordination',
  media: 'provinceMedia',
  gathering: 'gathering',
  departments: 'departments',
  sensitiveDate: 'sensitive',
}

/** The row that a ground of that level points to: one injured is a danger, ten are a grave accident. */
function rowOf({ sign, level }: SeverityGround): ChecklistRow {
  if (sign === 'media') return level === 3 ? 'centralMedia' : 'provinceMedia'
  const row = ROWS[sign]
  if (level === 3 && row === 'danger') return 'casualties'
  return level < 3 && row === 'casualties' ? 'danger' : row
}

/** `spread`: sites and posts of the matter's event; null where it stands alone. */
export function ticksOf(
  grounds: readonly SeverityGround[],
  spread: { sources: number; last24h: number; before24h: number } | null,
  mediaLevel: MediaLevel,
): Tick[] {
  const ticks: Tick[] = grounds.map(ground => ({
    row: rowOf(ground),
    message: ground.message,
    phrases: [...new Set(ground.spans.map(({ text }) => text))],
  }))
  if (spread && spread.sources > 1 && spread.last24h > spread.before24h)
    ticks.push({
      row: 'severalSites',
      message: `${spread.sources} 个信源，近 24 小时 ${spread.last24h} 条，前 24 小时 ${spread.before24h} 条`,
      phrases: [],
    })
  if (mediaLevel === 'central')
    ticks.push({ row: 'centralMedia', message: '填报：中央媒体关注', phrases: [] })
  if (mediaLevel === 'province')
    ticks.push({ row: 'provinceMedia', message: '填报：省级媒体关注', phrases: [] })
  return ticks.length ? ticks : [{ row: 'oneForum', message: '没有看出其他情形', phrases: [] }]
}
