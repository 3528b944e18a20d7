import { beforeAll, describe, expect, it } from 'vitest'
import { type KillRun, killRun } from './kill-run.ts'

/** The first few of each side that the other lacks; a whole diff of a thousand rows helps nobody. */
function differences(got: unknown[], wanted: unknown[]): { missing: string[]; extra: string[] } {
  const [a, b] = [got, wanted].map(rows =>
    rows.map(row => (typeof row === 'string' ? row : JSON.stringify(row))),
  )
  const without = (list: string[] = [], others: string[] = []) => {
    const known = new Set(others)
    return list.filter(row => !known.has(row)).slice(0, 3)
  }
  return { missing: without(b, a), extra: without(a, b) }
}
const NONE = { missing: [], extra: [] }

describe('kill -9, twenty times at random moments of reading and analysing', () => {
  let run: KillRun
  beforeAll(async () => {
    run = await killRun({ kills: 20, seed: 20_190_321, threads: 60 })
  }, 600_000)

  it('leaves every post of the boards, once', () => {
    const held = new Set(run.killed.posts.map(post => (JSON.parse(post as string) as { post: string }).post))
    const missing = run.truth.map(({ source, key }) => `${source} ${key}`).filter(key => !held.has(key))
    expect(missing).toEqual([])
    expect(run.truth.length).toBeGreaterThan(200)
    expect(held.size).toBe(run.killed.posts.length)
  })

  it('leaves the posts, revisions, counters and bookmarks of an undisturbed run', () => {
    for (const part of ['posts', 'revisions', 'threads', 'counts'] as const) {
      expect(differences(run.killed[part], run.undisturbed[part]), part).toEqual(NONE)
      expect(run.killed[part].length, part).toBe(run.undisturbed[part].length)
    }
  })

  it('leaves its analyses, flags, hourly and daily sums', () => {
    expect(run.undisturbed.flags.length).toBeGreaterThan(10)
    for (const part of ['analyses', 'flags', 'hourly', 'daily'] as const) {
      expect(differences(run.killed[part], run.undisturbed[part]), part).toEqual(NONE)
      expect(run.killed[part].length, part).toBe(run.undisturbed[part].length)
    }
  })

  it('leaves exactly its events', () => {
    expect(run.undisturbed.events.join(', ').split(', ').length).toBeGreaterThan(20)
    expect(differences(run.killed.events, run.undisturbed.events)).toEqual(NONE)
    expect(run.killed.events.length).toBe(run.undisturbed.events.length)
  })

  it('leaves its search results, and nothing waiting', () => {
    expect(run.undisturbed.found.化工?.length).toBeGreaterThan(20)
    expect(run.killed.found).toEqual(run.undisturbed.found)
    expect(run.killed.waiting).toEqual({ posts: 0, outbox: 0 })
  })
})
