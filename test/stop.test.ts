import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { startCommand } from './command.ts'

const folder = mkdtempSync(join(tmpdir(), 'yuqing-stop-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('a worker that is told to stop at any moment of its start ends', async () => {
  const moments = Array.from({ length: 12 }, (_, i) => 300 + i * 200)
  const ended = await Promise.all(
    moments.map(async ms => {
      const child = startCommand(['worker'], { DATA_DIR: join(folder, String(ms)) })
      const gone = new Promise<boolean>(done => child.once('exit', () => done(true)))
      await wait(ms)
      child.kill('SIGTERM')
      const inTime = await Promise.race([gone, wait(25_000).then(() => false)])
      if (!inTime) child.kill('SIGKILL')
      return inTime
    }),
  )
  expect(ended).toEqual(moments.map(() => true))
})
