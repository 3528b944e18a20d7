import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'

/** A real server on loopback, a process of its own, until stop(). */
export interface Server {
  url: string
  /** As if the machine had lost power; what was written stays in its folder. */
  kill(): Promise<void>
  /** Starts again on the same port and folder. */
  start(): Promise<void>
  stop(): Promise<void>
}

async function end(server: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill(signal)
  await ended
}

/** `open` spawns it on `folder` and answers when it can be asked; the folder is removed at the end. */
export async function startServer(
  url: string,
  folder: string,
  open: () => Promise<ChildProcess>,
): Promise<Server> {
  let server = await open()
  return {
    url,
    kill: () => end(server, 'SIGKILL'),
    async start() {
      server = await open()
    },
    async stop() {
      await end(server, 'SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
