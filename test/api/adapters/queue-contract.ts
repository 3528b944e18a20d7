import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { JobPayload, Queue } from '../../../api/ports.ts'

/** What the suite needs of a driver. */
export interface QueueDriver {
  /** Polls often, retries after some 10 ms, gives a dead worker's job away after about a second. */
  open(): Promise<Queue>
  /** Arguments of queue-other.ts that open the same store in a process of its own. */
  other: string[]
  /** Removes everything of this test. */
  clear(): Promise<void>
}

export async function until(fits: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const end = Date.now() + ms
  while (!(await fits())) {
    if (Date.now() > end) throw new Error('did not come to pass')
    await wait(20)
  }
}

/** The contract of the port Queue (api/ports.ts), for any driver. */
export function queueContract(title: string, get: () => QueueDriver): void {
  describe(`queue: ${title}`, () => {
    const open: Queue[] = []
    const children: ChildProcess[] = []
    const queue = async () => {
      const opened = await get().open()
      open.push(opened)
      return opened
    }
    afterEach(async () => {
      for (const child of children.splice(0)) child.kill('SIGKILL')
      await Promise.all(open.splice(0).map(each => each.close()))
      await get().clear()
    })
    const collector = () => {
      const seen: JobPayload[] = []
      return { seen, handler: async (payload: JobPayload) => void seen.push(payload) }
    }
    function startOther(name: string, mode: 'run' | 'hang') {
      const script = join(import.meta.dirname, 'queue-other.ts')
      const child = spawn(process.execPath, [script, ...get().other, name, mode], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      children.push(child)
      let output = ''
      child.stdout.setEncoding('utf8').on('data', chunk => {
        output += chunk
      })
      const payloads = () =>
        output
          .split('\n')
          .slice(0, -1)
          .map(line => JSON.parse(line) as JobPayload)
      return { child, payloads, said: (least: number) => until(() => payloads().length >= least) }
    }
    const total = async (one: Queue) =>
      (await one.counts()).reduce((sum, { waiting, running, failed }) => sum + waiting + running + failed, 0)

    it('runs every job once, with what it was handed, under its own name only', async () => {
      const one = await queue()
      for (let i = 0; i < 20; i++) await one.add('count', { i, text: `第${i}条`, none: null, yes: true })
      await one.add('other', { i: 99 })
      const { seen, handler } = collector()
      one.work('count', 3, handler)
      await until(async () => (await total(one)) === 1)
      expect(seen.map(({ i }) => i).sort((a, b) => Number(a) - Number(b))).toEqual([...Array(20).keys()])
      expect(seen.find(({ i }) => i === 7)).toEqual({ i: 7, text: '第7条', none: null, yes: true })
      expect((await one.counts()).filter(({ waiting }) => waiting)).toEqual([
        { name: 'other', waiting: 1, running: 0, failed: 0 },
      ])
    })

    it('adds a key that waits only once, from two processes too', async () => {
      const [one, two] = [await queue(), await queue()]
      await Promise.all([one, two, one, two].map(each => each.add('hint', {}, { key: 'waiting' })))
      await one.add('hint', {}, { key: 'else' })
      await one.add('other', {}, { key: 'waiting' })
      expect(await one.counts()).toEqual([
        { name: 'hint', waiting: 2, running: 0, failed: 0 },
        { name: 'other', waiting: 1, running: 0, failed: 0 },
      ])
    })

    it('adds a key again while it runs: what came meanwhile needs another turn', async () => {
      const one = await queue()
      let runs = 0
      let release = () => {}
      one.work('hint', 1, async () => {
        if (++runs === 1) await new Promise<void>(done => (release = done))
      })
      await one.add('hint', {}, { key: 'waiting' })
      await until(() => runs === 1)
      await one.add('hint', {}, { key: 'waiting' })
      release()
      await until(async () => runs === 2 && (await total(one)) === 0)
    })

    it('holds a delayed job back', async () => {
      const one = await queue()
      const { seen, handler } = collector()
      const added = Date.now()
      let ranAfter = 0
      await one.add('late', { order: 2 }, { delayMs: 400 })
      await one.add('late', { order: 1 })
      one.work('late', 1, async payload => {
        await handler(payload)
        ranAfter = Date.now() - added
      })
      await until(() => seen.length === 2)
      expect(seen).toEqual([{ order: 1 }, { order: 2 }])
      expect(ranAfter).toBeGreaterThanOrEqual(400)
    })

    it('runs as many side by side as it was told, no more', async () => {
      const one = await queue()
      let [running, most, done] = [0, 0, 0]
      const three = Promise.withResolvers<void>()
      one.work('slow', 3, async () => {
        most = Math.max(most, ++running)
        if (running === 3) three.resolve()
        // Nobody goes on before three are at it, however slow the machine.
        await three.promise
        await wait(60)
        running--
        done++
      })
      for (let i = 0; i < 9; i++) await one.add('slow', { i })
      await until(() => done === 9)
      expect(most).toBe(3)
    })

    it('tries again after a throw, and in the end keeps what never works as failed', async () => {
      const one = await queue()
      let [flaky, hopeless] = [0, 0]
      one.work('flaky', 1, async () => {
        if (++flaky < 3) throw new Error('not yet')
      })
      one.work('hopeless', 1, async () => {
        hopeless++
        throw new Error('never')
      })
      await one.add('flaky', {})
      await one.add('hopeless', {})
      await until(async () => (await one.counts()).some(({ failed }) => failed === 1))
      await until(() => flaky === 3)
      expect(hopeless).toBeGreaterThan(2)
      await until(async () => (await total(one)) === 1)
      expect(await one.counts()).toEqual([{ name: 'hopeless', waiting: 0, running: 0, failed: 1 }])
    })

    it('gives each job to one of two processes', async () => {
      const one = await queue()
      for (let i = 0; i < 60; i++) await one.add('shared', { i })
      const { seen, handler } = collector()
      const other = startOther('shared', 'run')
      await other.said(1)
      one.work('shared', 2, handler)
      await until(async () => (await total(one)) === 0)
      // What the other process did last it may still be telling.
      await until(() => seen.length + other.payloads().length >= 60)
      other.child.kill()
      const all = [...seen, ...other.payloads()].map(({ i }) => Number(i)).sort((a, b) => a - b)
      expect(all).toEqual([...Array(60).keys()])
    })

    it('close waits for what is under way and leaves the rest for the next', async () => {
      const one = await queue()
      let [started, ended] = [0, 0]
      await one.add('long', { i: 1 })
      await one.add('long', { i: 2 })
      one.work('long', 1, async () => {
        started++
        await wait(150)
        ended++
      })
      await until(() => started === 1)
      await one.close()
      expect([started, ended]).toEqual([1, 1])
      const two = await queue()
      const { seen, handler } = collector()
      two.work('long', 1, handler)
      await until(() => seen.length === 1)
      expect(seen).toEqual([{ i: 2 }])
    })

    it('a job whose worker was killed is run by another', async () => {
      const one = await queue()
      await one.add('victim', { i: 1 })
      const other = startOther('victim', 'hang')
      await other.said(1)
      other.child.kill('SIGKILL')
      const { seen, handler } = collector()
      one.work('victim', 1, handler)
      await until(() => seen.length === 1)
      expect(seen).toEqual([{ i: 1 }])
      await until(async () => (await total(one)) === 0)
    })
  })
}
