import { expect, it } from 'vitest'
import { killRun } from './kill-run.ts'

it('two hundred kill -9 change nothing of what is held', async () => {
  const run = await killRun({ kills: 200, seed: 20_260_701, threads: 240 })
  const held = new Set(run.killed.posts.map(post => (JSON.parse(post as string) as { post: string }).post))
  expect(run.truth.map(({ source, key }) => `${source} ${key}`).filter(key => !held.has(key))).toEqual([])
  expect(run.killed).toEqual(run.undisturbed)
})
