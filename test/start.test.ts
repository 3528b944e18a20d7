import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { freePort } from './services/port.ts'
import { descendants, npmRun, survivors } from './started.ts'

const folder = mkdtempSync(join(tmpdir(), 'yuqing-start-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('npm start', () => {
  it('answers, prints a setup link the first time only, and leaves no process behind when npm is ended', async () => {
    const env = { DATA_DIR: join(folder, 'data') }
    for (const isFirst of [true, false]) {
      const port = await freePort()
      const started = npmRun('start', port, env)
      await started.answered()
      const page = await fetch(`http://127.0.0.1:${port}/`)
      expect([page.status, (await page.text()).includes('<div id="root">')]).toEqual([200, true])
      const pids = descendants(started.npm.pid ?? 0)
      expect(pids.length).toBeGreaterThan(1)
      started.npm.kill('SIGTERM')
      expect(await survivors([...pids, started.npm.pid ?? 0])).toEqual([])
      // Nobody has used the link, so the second start makes another.
      expect(started.output(), String(isFirst)).toMatch(/setup\?token=[\w-]{20,}/)
      await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
    }
  })

  it('ended while it is still starting, it leaves no process behind either', async () => {
    const started = npmRun('start', await freePort(), { DATA_DIR: join(folder, 'early') })
    const seen = new Set<number>()
    const end = Date.now() + 400
    while (Date.now() < end) {
      for (const pid of descendants(started.npm.pid ?? 0)) seen.add(pid)
      await new Promise(done => setTimeout(done, 20))
    }
    started.npm.kill('SIGTERM')
    expect(await survivors([...seen, started.npm.pid ?? 0])).toEqual([])
  })
})

describe('npm run demo', () => {
  it('shows a flagged post within a minute, with people and passwords, and ends with npm', async () => {
    const port = await freePort()
    const begun = Date.now()
    const started = npmRun('demo', port)
    await started.answered()
    const url = `http://127.0.0.1:${port}`
    const person = /(\S*值班\S*)\s+(\S+)\s+(duty)\s+(\S+)/.exec(started.output())
    const headers = { 'content-type': 'application/json', origin: url }
    const body = JSON.stringify({ login: person?.[3], password: person?.[4] })
    const signedIn = await fetch(`${url}/api/session`, { method: 'POST', headers, body })
    expect(signedIn.status).toBe(200)
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    let flagged: { open?: number } = {}
    while (!flagged.open && Date.now() - begun < 60_000) {
      flagged = (await (await fetch(`${url}/api/triage`, { headers: { cookie } })).json()) as typeof flagged
      await new Promise(done => setTimeout(done, 250))
    }
    expect(flagged.open).toBeGreaterThan(0)
    const pids = descendants(started.npm.pid ?? 0)
    started.npm.kill('SIGTERM')
    expect(await survivors([...pids, started.npm.pid ?? 0])).toEqual([])
  })
})
