import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { stringify } from 'yaml'
import { type Database, migrate, openDatabase } from '../../api/db/open.ts'
import type { SourceConfig } from '../../crawlers/site.ts'
import type { Told } from './simulated-clock.ts'

const PROJECT = resolve(import.meta.dirname, '../..')
/** While something is asked for; more where nothing is for a while. This is how exact times are. */
export const TICK_MS = 200
export const IDLE_TICK_MS = 10_000
/** So many real ms may pass at one moment of the clock while the worker writes. */
const PATIENCE_MS = 10_000
/** Between the death of a worker and the next one. */
const RESTART_MS = 2_000

/**
 * One installation whose clock stands still unless `go` moves it: what happens between two ticks takes no time, however
 * slow the machine is. Its worker may be killed at any moment.
 */
export class Simulation {
  now: number
  /** Lives of the worker so far. */
  lives = 0
  /** Last time that anything happened on the web, to be set by who sees it. */
  activeAt: number
  readonly #folder = mkdtempSync(join(tmpdir(), 'yuqing-storm-'))
  readonly #due: { at: number; call: () => void }[] = []
  #worker: ChildProcess | null = null
  #isBusy = false

  readonly #env: NodeJS.ProcessEnv
  /** Nothing asked for so long: nothing is about to be. */
  readonly #idleAfter: number

  constructor(start: number, sources: readonly SourceConfig[], env: NodeJS.ProcessEnv = {}) {
    this.#env = env
    this.#idleAfter = 3_000 * Math.max(...sources.map(({ delaySeconds }) => delaySeconds))
    this.now = start
    this.activeAt = start
    mkdirSync(join(this.#folder, 'data'))
    cpSync(join(PROJECT, 'config'), join(this.#folder, 'config'), { recursive: true })
    writeFileSync(join(this.#folder, 'config/sources.yaml'), stringify({ sources }))
  }

  /** Simulated ms from now, told by this clock. */
  pass(ms: number): Promise<void> {
    return new Promise(done => this.#due.push({ at: this.now + ms, call: done }))
  }

  async start(): Promise<void> {
    this.lives++
    const worker = fork(join(import.meta.dirname, 'crawl-worker.ts'), {
      env: {
        ...process.env,
        ...this.#env,
        DATA_DIR: join(this.#folder, 'data'),
        CONFIG_DIR: join(this.#folder, 'config'),
        USER_AGENT: `storm-${this.lives}/test`,
        LOG_LEVEL: 'error',
        START: String(this.now),
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#worker = worker
    await answerOf(worker)
    // Seeding and migrating are behind it: the clock may go on.
  }

  async kill(): Promise<void> {
    const worker = this.#worker
    if (!worker) return
    this.#worker = null
    const gone = once(worker, 'exit')
    worker.kill('SIGKILL')
    await gone
    this.#moveTo(this.now + RESTART_MS)
    await this.start()
  }

  /** One tick further. */
  async go(): Promise<void> {
    const isIdle = this.now > this.activeAt + this.#idleAfter
    const next = this.now + (isIdle ? IDLE_TICK_MS : TICK_MS)
    // Files that are being written take no simulated time, or a slow machine would let hours pass.
    for (let tries = 0; tries < PATIENCE_MS && this.#isBusy; tries++) {
      await wait(1)
      await this.#tell(this.now)
    }
    await this.#tell(next)
    this.#moveTo(next)
    // A little real time for sockets: an answer then takes about a second of the simulated clock.
    await wait(1)
  }

  async #tell(tick: number): Promise<void> {
    const worker = this.#worker
    if (!worker) throw new Error('the worker is not running')
    const told = answerOf(worker)
    worker.send({ tick })
    this.#isBusy = (await told).busy
  }

  #moveTo(next: number): void {
    this.now = next
    for (const each of this.#due.filter(({ at }) => at <= next)) {
      this.#due.splice(this.#due.indexOf(each), 1)
      each.call()
    }
  }

  async open(): Promise<Database> {
    const database = openDatabase(join(this.#folder, 'data/yuqing.sqlite'))
    await migrate(database)
    return database
  }

  async end(): Promise<void> {
    const worker = this.#worker
    if (worker) {
      this.#worker = null
      const gone = once(worker, 'exit')
      worker.kill('SIGKILL')
      await gone
    }
    for (const { call } of this.#due.splice(0)) call()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

async function answerOf(worker: ChildProcess): Promise<Told> {
  const over = new AbortController()
  const { signal } = over
  const died = once(worker, 'exit', { signal }).then(([code]) => {
    throw new Error(`the worker ended by itself with ${code}`)
  })
  died.catch(() => {})
  try {
    const [told] = (await Promise.race([once(worker, 'message', { signal }), died])) as [Told]
    return told
  } finally {
    over.abort()
  }
}
