/** Reading sources: once (`crawl`), or for as long as the program runs (`keepCrawling`). */
import type { Urgency } from './agenda.ts'
import { Engine, type EngineOptions, type PlannedRound } from './engine.ts'
import { readerOf, siteProblem } from './registry.ts'
import { Round } from './round.ts'
import {
  CrawlError,
  type RoundKind,
  type RoundOutcome,
  type SourceConfig,
  type SourceOutcome,
} from './site.ts'
import type { Reading } from './task.ts'
import { REAL_TIMERS } from './timers.ts'

export type CrawlOptions = EngineOptions

const hostOfSource = (source: SourceConfig): string => new URL(source.url).host

/** @throws CrawlError where no reader takes it, or its configuration is wrong. */
function readingOf(source: SourceConfig): Reading {
  const make = readerOf(source.engine)
  const problem = siteProblem(source)
  if (!make || problem) throw new CrawlError('notFound', source.url, problem ?? '')
  return { source, site: make(source), underWay: new Set(), taken: 0, stopped: null }
}

/** Reads every source once. Never throws for a site's fault: that is told in its outcome. */
export async function crawl(
  sources: readonly SourceConfig[],
  options: CrawlOptions,
): Promise<SourceOutcome[]> {
  const rounds = new Map<string, RoundOutcome[]>(sources.map(({ id }) => [id, []]))
  const engine = new Engine({
    ...options,
    async roundEnded(outcome) {
      rounds.get(outcome.source)?.push(outcome)
      await options.roundEnded?.(outcome)
    },
  })
  const readings = sources.map(source => {
    try {
      return readingOf(source)
    } catch (error) {
      return error as CrawlError
    }
  })
  engine.register(sources)
  engine.plan(readings.flatMap(reading => (reading instanceof Error ? [] : allBoards(reading, options))))
  try {
    await engine.run(false)
  } finally {
    await engine.close()
  }
  return sources.map((source, at) => {
    const reading = readings[at] as Reading | CrawlError
    const stopped = reading instanceof Error ? reading : reading.stopped
    return sumOf(source.id, rounds.get(source.id) ?? [], stopped)
  })
}

/** Nothing is late in a single reading: threads go before more of the list, or what is known of would pile up. */
const ONCE_MS = 24 * 3_600_000

const allBoards = (reading: Reading, options: CrawlOptions): PlannedRound[] =>
  reading.source.boards.map(({ key: board }) => ({
    id: `${reading.source.id}\n${board}`,
    reading,
    host: hostOfSource(reading.source),
    open: async () => new Round(reading, { kind: 'board', board }, options),
    urgency: 'turn',
    at: options.now(),
    intervalMs: ONCE_MS,
    mayGlance: false,
  }))

function sumOf(source: string, rounds: RoundOutcome[], stopped: CrawlError | null): SourceOutcome {
  const sum = (of: (round: RoundOutcome) => number) => rounds.reduce((total, round) => total + of(round), 0)
  const failed = rounds.map(({ error, threadError }) => error ?? threadError).find(Boolean)
  return {
    source,
    pages: sum(({ pages }) => pages),
    threadsListed: sum(({ listed }) => listed),
    threadsRead: sum(({ threadsRead }) => threadsRead),
    posts: sum(({ posts }) => posts),
    error: failed ?? (stopped && { kind: stopped.kind, url: stopped.url, message: stopped.message }),
  }
}

/** One thing to read, when it is due; `asked` and `turn` as in agenda.ts. */
export interface Appointment {
  source: SourceConfig
  /** Changes with the source's configuration. */
  version: number
  what: RoundKind
  urgency: Urgency
  at: number
  intervalMs: number
  /** Last call before it begins: false where another worker has it. */
  claim(): Promise<boolean>
}

export interface KeepOptions extends CrawlOptions {
  /** Everything that is due or will be; asked again every `lookMs` of the clock that requests wait by. */
  plan(): Promise<Appointment[]>
  lookMs?: number
  /** False: end when nothing is due. */
  keep: boolean
  onError(error: unknown): void
}

/** Reads what is due, host beside host, until the signal; what changes in the plan is noticed within seconds. */
export async function keepCrawling(options: KeepOptions): Promise<void> {
  const { signal, keep, lookMs = 2_000, timers = REAL_TIMERS } = options
  let ended = 0
  const engine = new Engine({
    ...options,
    async roundEnded(outcome) {
      await options.roundEnded?.(outcome)
      ended++
    },
  })
  const readings = new Map<string, Reading | null>()
  const look = async (): Promise<number> => {
    const appointments = await options.plan()
    engine.register(appointments.map(({ source }) => source))
    const rounds = appointments.flatMap(each => roundOf(each, readings, options) ?? [])
    engine.plan(rounds)
    return rounds.filter(({ at }) => at <= options.now()).length
  }
  let callOff = () => {}
  const lookAgain = () => {
    callOff = timers.after(lookMs, () => {
      look()
        .catch(options.onError)
        .finally(() => signal?.aborted || lookAgain())
    })
  }
  try {
    if (keep) {
      await look()
      lookAgain()
      await engine.run(true)
    }
    // A run in which nothing ended would only be repeated: what is due is with somebody else.
    else
      for (let before = -1; ended > before && !signal?.aborted && (await look()) > 0; ) {
        before = ended
        await engine.run(false)
      }
  } finally {
    callOff()
    await engine.close()
  }
}

function roundOf(
  { source, version, what, claim, ...when }: Appointment,
  readings: Map<string, Reading | null>,
  options: CrawlOptions,
): PlannedRound | null {
  const id = `${source.id} ${version}`
  if (!readings.has(id)) readings.set(id, siteProblem(source) ? null : readingOf(source))
  const known = readings.get(id)
  if (!known) return null
  const name = what.kind === 'thread' ? what.thread : what.board
  return {
    ...when,
    id: `${source.id}\n${what.kind}\n${name}`,
    reading: known,
    host: hostOfSource(source),
    mayGlance: what.kind === 'board',
    open: async glance =>
      (await claim())
        ? new Round(known, glance && what.kind === 'board' ? { ...what, glance } : what, options)
        : null,
  }
}
