import { describe, expect, it } from 'vitest'
import {
  type Burst,
  type CountHours,
  chanceOf,
  eventEvidence,
  HOUR_MS,
  isAlarm,
  nextOf,
  seriesEvidence,
} from '../../../api/bursts/rules.ts'
import type { Sensitivity } from '../../../api/vocabulary.ts'
import { randomFrom } from '../../replica/random.ts'

const START = Date.parse('2019-01-07T00:00+08:00')
const WEEK_HOURS = 168
const STEPS: Sensitivity[] = ['high', 'middle', 'low']

/** Poisson by multiplication (small means). */
function poisson(mean: number, next: () => number): number {
  const limit = Math.exp(-mean)
  let product = next()
  let n = 0
  while (product > limit) {
    product *= next()
    n++
  }
  return n
}

/** Posts per hour of a series with quiet nights and weekends, `weeks` long. */
function simulated(seed: number, perDay: number, weeks: number): number[] {
  const { next } = randomFrom(seed)
  return Array.from({ length: weeks * WEEK_HOURS }, (_, hour) => {
    const [ofDay, day] = [hour % 24, Math.floor(hour / 24) % 7]
    const shape = (ofDay < 7 ? 0.2 : ofDay < 22 ? 1.4 : 0.8) * (day > 4 ? 0.7 : 1.1)
    return poisson((perDay / 24) * shape, next)
  })
}
const counter =
  (hours: readonly number[]): CountHours =>
  (from, to) =>
    hours
      .slice(Math.max(0, (from - START) / HOUR_MS), Math.max(0, (to - START) / HOUR_MS))
      .reduce((a, b) => a + b, 0)
const at = (hour: number) => START + hour * HOUR_MS

/** Bursts opened and notices sent while watching every hour from week 8 on. */
function watch(hours: readonly number[], sensitivity: Sensitivity) {
  const count = counter(hours)
  let open: Burst | null = null
  const notices: { hour: number; posts: number }[] = []
  for (let hour = 8 * WEEK_HOURS; hour < hours.length; hour++) {
    const now = at(hour) + HOUR_MS / 2
    // The future has not been read yet.
    const seen: CountHours = (from, to) => count(from, Math.min(to, at(hour + 1)))
    const next = nextOf(open, seriesEvidence(seen, now, START), {
      now,
      sensitivity,
      postsSince: from => seen(from, at(hour + 1)),
    })
    if (next.kind === 'close') open = null
    if (next.kind === 'open' || next.kind === 'goOn') {
      open = next.burst
      if (next.notice) notices.push({ hour, posts: next.posts })
    }
  }
  return notices
}

describe('bursts of simulated weeks', () => {
  it('ordinary weeks stay quiet: at most 8, 1 and 0 notices in 100 series-weeks', () => {
    const told: Record<string, number> = {}
    const rates = [0.3, 1, 3, 10, 30]
    for (const sensitivity of STEPS) {
      told[sensitivity] = 0
      for (let seed = 1; seed <= 20; seed++)
        told[sensitivity] += watch(simulated(seed, rates[seed % 5] as number, 13), sensitivity).length
    }
    const { high = 0, middle = 0, low = 0 } = told
    expect([high <= 8, middle <= 1, low === 0], JSON.stringify(told)).toEqual([true, true, true])
  })

  it.each([0.5, 3, 12])(
    'a burst of 16 posts in four hours on %d a day is told within four hours, at the dullest step within six',
    perDay => {
      const hours = simulated(3, perDay, 10)
      const begins = 9 * WEEK_HOURS + 34
      for (let i = 0; i < 4; i++) hours[begins + i] = (hours[begins + i] as number) + 4
      for (const sensitivity of STEPS) {
        const [first] = watch(hours, sensitivity).filter(({ hour }) => hour >= begins)
        expect(first?.hour, sensitivity).toBeGreaterThanOrEqual(begins)
        expect(first?.hour, sensitivity).toBeLessThan(begins + (sensitivity === 'low' ? 6 : 4))
      }
    },
  )

  it('one notice, none repeated until it doubles', () => {
    const hours = simulated(3, 1, 10)
    const begins = 9 * WEEK_HOURS + 34
    for (let i = 0; i < 12; i++) hours[begins + i] = (hours[begins + i] as number) + 6
    const notices = watch(hours, 'middle').filter(({ hour }) => hour >= begins)
    expect(notices.length).toBeGreaterThanOrEqual(3)
    for (const [i, { posts }] of notices.entries())
      if (i) expect(posts).toBeGreaterThanOrEqual(2 * (notices[i - 1] as { posts: number }).posts)
  })

  it('a busy Monday morning that comes every week is no burst; on a Sunday night it is', () => {
    const quiet = simulated(5, 0.5, 10)
    for (let week = 0; week < 10; week++)
      for (const hour of [9, 10, 11]) quiet[week * WEEK_HOURS + hour] = 6 + (week % 3)
    expect(watch(quiet, 'high').filter(({ hour }) => hour % WEEK_HOURS < 24)).toEqual([])
    const night = 9 * WEEK_HOURS + 6 * 24 + 2
    for (const hour of [0, 1, 2]) quiet[night + hour] = 6
    expect(watch(quiet, 'low').some(({ hour }) => hour >= night && hour < night + 3)).toBe(true)
  })

  it('says nothing before there are two weeks to compare with', () => {
    const hours = simulated(1, 1, 2)
    hours[hours.length - 1] = 50
    expect(seriesEvidence(counter(hours), at(hours.length - 1), at(WEEK_HOURS))).toBeNull()
  })
})

describe('events', () => {
  const now = at(2000)
  const posts = (...hoursAgo: number[]) => hoursAgo.map(ago => now - ago * HOUR_MS)

  it('a new one is told at six posts in an afternoon, not at two', () => {
    expect(isAlarm(eventEvidence(posts(1, 2), now, 1), 'high')).toBe(false)
    expect(isAlarm(eventEvidence(posts(0.2, 0.5, 1, 1.5, 2, 3), now, 1), 'middle')).toBe(true)
  })

  it('an old one is measured by its own pace', () => {
    const steady = Array.from({ length: 200 }, (_, i) => now - i * 1.2 * HOUR_MS)
    expect(isAlarm(eventEvidence(steady, now, 1), 'high')).toBe(false)
    const faster = [...steady, ...Array.from({ length: 20 }, (_, i) => now - i * 0.2 * HOUR_MS)]
    expect(isAlarm(eventEvidence(faster, now, 1), 'middle')).toBe(true)
  })
})

describe('chance', () => {
  it('is the tail of a Poisson distribution, wider where the past was spread wider', () => {
    expect(chanceOf(0, 2, 0)).toBe(1)
    expect(chanceOf(3, 1, 1)).toBeCloseTo(0.0803, 4)
    expect(chanceOf(10, 2, 8)).toBeGreaterThan(chanceOf(10, 2, 2))
  })
})
