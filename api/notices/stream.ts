import type { FastifyReply } from 'fastify'
import type { Context } from '../context.ts'
import { newestFlagSeq } from '../posts/triage-store.ts'

/** What a screen hears: something of this kind is newer than before; it then asks for what it shows. */
export interface LiveEvent {
  /** Newest notice that was told to anyone. */
  notice: number
  /** Newest flag. */
  flag: number
}

const POLL_MS = 1_000
const PING_EVERY = 25

/**
 * Server-sent events for all open screens of this process. One look a second at the database serves them all, so that
 * what the worker process writes is seen too; nobody connected, nothing asked.
 */
export class LiveStreams {
  readonly #context: Context
  /** With whether its person is still signed in. */
  readonly #open = new Map<FastifyReply, () => Promise<boolean>>()
  #timer: NodeJS.Timeout | undefined
  #last: LiveEvent | null = null
  #ticks = 0

  constructor(context: Context) {
    this.#context = context
  }

  add(reply: FastifyReply, signedIn: () => Promise<boolean>): void {
    reply.hijack()
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-accel-buffering': 'no',
    })
    reply.raw.write('retry: 3000\n\n')
    this.#open.set(reply, signedIn)
    reply.raw.once('close', () => {
      this.#open.delete(reply)
      if (!this.#open.size) this.#stop()
    })
    if (this.#last) reply.raw.write(format(this.#last))
    this.#timer ??= setInterval(() => void this.#look(), POLL_MS)
  }

  close(): void {
    this.#stop()
    for (const reply of this.#open.keys()) reply.raw.end()
    this.#open.clear()
  }

  #stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#last = null
  }

  /** A stream outlives no session. */
  async #dropGone(): Promise<void> {
    for (const [reply, signedIn] of this.#open) if (!(await signedIn())) reply.raw.end()
  }

  async #look(): Promise<void> {
    try {
      const now = await newest(this.#context)
      const isNews = this.#last?.flag !== now.flag || this.#last?.notice !== now.notice
      this.#last = now
      const ping = ++this.#ticks % PING_EVERY === 0
      if (ping) await this.#dropGone()
      if (isNews || ping)
        for (const { raw } of this.#open.keys()) raw.write(isNews ? format(now) : ': ping\n\n')
    } catch (error) {
      this.#context.log.warn({ err: error }, 'live stream')
    }
  }
}

const format = (event: LiveEvent): string => `data: ${JSON.stringify(event)}\n\n`

async function newest({ db }: Context): Promise<LiveEvent> {
  const row = await db
    .selectFrom('notice')
    .select(eb => eb.fn.max('id').as('id'))
    .executeTakeFirst()
  return { notice: Number(row?.id ?? 0), flag: await newestFlagSeq(db) }
}
