import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const PROJECT = resolve(import.meta.dirname, '..')

export interface Started {
  npm: ChildProcess
  output(): string
  /** Ms from spawning npm to the first answer of /healthz. */
  answered(withinMs?: number): Promise<number>
}

/** `npm start` or `npm run demo` as a person types it, on that port. */
export function npmRun(script: string, port: number, env: Record<string, string> = {}): Started {
  const begun = performance.now()
  const npm = spawn('npm', ['run', '--silent', script], {
    cwd: PROJECT,
    env: { ...process.env, PORT: String(port), LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [npm.stdout, npm.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
  return {
    npm,
    output: () => output,
    async answered(withinMs = 60_000) {
      while (performance.now() - begun < withinMs) {
        if (npm.exitCode !== null) throw new Error(`npm run ${script} ended: ${output}`)
        const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null)
        if (answer?.ok) return performance.now() - begun
        await wait(20)
      }
      throw new Error(`no answer within ${withinMs} ms: ${output}`)
    },
  }
}

/** Every process below this one, by /proc. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter(each => /^\d+$/.test(each))) {
    try {
      // The name in brackets may hold spaces and brackets of its own.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      parents.set(Number(name), Number(fields[1]))
    } catch {
      // Gone between listing and reading.
    }
  }
  const below = (parent: number): number[] =>
    [...parents].filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)])
  return below(pid)
}

const isAlive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Those of `pids` that still run after at most `ms`. */
export async function survivors(pids: number[], ms = 15_000): Promise<number[]> {
  const end = Date.now() + ms
  while (Date.now() < end && pids.some(isAlive)) await wait(50)
  return pids.filter(isAlive)
}
