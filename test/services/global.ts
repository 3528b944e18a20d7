import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePort } from './port.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Base address of a real PostgreSQL on loopback; add a database's name. */
    postgresUrl: string
  }
}

/** Starts one real PostgreSQL for the whole run; each suite makes a database of its own in it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'yuqing-pg-'))
  // The server runs as its own user where the tests run as root.
  await chmod(folder, 0o755)
  const port = await freePort()
  const server = spawn(
    process.execPath,
    [join(import.meta.dirname, 'postgres-server.ts'), join(folder, 'data'), String(port)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const ended = once(server, 'exit')
  await Promise.race([
    once(server.stdout, 'data'),
    ended.then(([code]) => {
      throw new Error(`PostgreSQL did not start (exit code ${code})`)
    }),
  ])
  project.provide('postgresUrl', `postgres://postgres:test@127.0.0.1:${port}`)
  return async () => {
    server.stdin.end()
    await ended
    await rm(folder, { recursive: true, force: true })
  }
}
