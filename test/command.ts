import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const PROJECT = resolve(import.meta.dirname, '..')

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
  /** Lines of stdout, parsed. */
  answers: Record<string, unknown>[]
}

/** `api/main.ts` as a process of its own. */
export function startCommand(args: string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [join(PROJECT, 'api/main.ts'), ...args], {
    env: { ...process.env, LOG_LEVEL: 'error', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Starts a command and kills it so many ms later; one that was faster has ended by itself. */
export async function killedAfter(ms: number, args: string[], env: Record<string, string> = {}) {
  const child = startCommand(args, env)
  // Not 'close': that waits until somebody has read the output.
  const gone = once(child, 'exit')
  await wait(ms)
  child.kill('SIGKILL')
  await gone
}

/** Runs a command to its end with that input. */
export async function command(args: string[], env: Record<string, string> = {}, input = ''): Promise<Ended> {
  const child = startCommand(args, env)
  const read = (stream: NodeJS.ReadableStream | null) => {
    const parts: string[] = []
    stream?.setEncoding('utf8').on('data', chunk => parts.push(String(chunk)))
    return () => parts.join('')
  }
  const [stdout, stderr] = [read(child.stdout), read(child.stderr)]
  // A command that reads nothing may be gone before all was written.
  child.stdin?.on('error', () => {}).end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return {
    code,
    stdout: stdout(),
    stderr: stderr(),
    get answers() {
      return stdout()
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line) as Record<string, unknown>)
    },
  }
}
