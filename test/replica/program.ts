import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { stringify } from 'yaml'
import { readConfig } from '../../api/config.ts'
import { openContext } from '../../api/context.ts'
import { shanghaiDay } from '../../api/deadline.ts'
import { addDemoPeople, type DemoPerson } from './demo-people.ts'
import type { ReplicaSite } from './host.ts'
import type { Replica } from './server.ts'

/** A program that is told to end has this long. */
const PATIENCE_MS = 45_000

const project = resolve(import.meta.dirname, '../..')

export interface Program {
  /** Where it answers: `http://127.0.0.1:8080`. */
  url: string
  people: DemoPerson[]
  env: NodeJS.ProcessEnv
  process: ChildProcess
  /** Runs one command of the same program on the same data, e.g. `verify`. */
  run(...args: string[]): Promise<{ code: number | null; output: string }>
  /** Ends the program and removes its data. */
  close(): Promise<void>
}

async function run(env: NodeJS.ProcessEnv, args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(project, 'api/main.ts'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

/** The address in its first line on stdout; what follows is shown. */
async function addressOf(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  return new Promise((found, failed) => {
    child.once('exit', code => failed(new Error(`the program ended with ${code} before it answered`)))
    lines.on('line', line => {
      const address = /已启动：(http:\S+)/.exec(line)?.[1]
      if (address) found(address)
      else console.log(line)
    })
  })
}

/**
 * The program itself (`api/main.ts all`) against replica boards, in a temporary data folder, with one named person per
 * role and the bureau's account on every board registered. `port` 0 takes a free one.
 */
export async function startProgram(options: {
  replicas: (ReplicaSite | Replica)[]
  port: number
  logLevel?: string
}): Promise<Program> {
  const { replicas, port, logLevel = 'warn' } = options
  const folder = mkdtempSync(join(tmpdir(), 'yuqing-demo-'))
  const configDir = join(folder, 'config')
  const env = {
    ...process.env,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: join(folder, 'data'),
    CONFIG_DIR: configDir,
    LOG_LEVEL: logLevel,
  }
  cpSync(join(project, 'config'), configDir, { recursive: true })
  writeFileSync(join(configDir, 'sources.yaml'), stringify({ sources: replicas.map(({ source }) => source) }))
  const context = await openContext(readConfig(env))
  const now = context.now()
  const platforms = replicas.flatMap(replica =>
    'credentials' in replica
      ? [{ id: replica.source.id, accountName: replica.credentials.name, uid: replica.credentials.uid }]
      : [],
  )
  const people = await context.db
    .transaction()
    .execute(trx => addDemoPeople(trx, platforms, shanghaiDay(now), now))
  await context.close()

  const child = spawn(process.execPath, [join(project, 'api/main.ts'), 'all'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  async function close(): Promise<void> {
    let late = false
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(() => {
        late = true
        child.kill('SIGKILL')
      }, PATIENCE_MS)
      await gone
      clearTimeout(timer)
    }
    rmSync(folder, { recursive: true, force: true })
    if (late) throw new Error(`the program did not end within ${PATIENCE_MS / 1000} s of SIGTERM`)
  }
  try {
    const url = await addressOf(child)
    return { url, people, env, process: child, run: (...args) => run(env, args), close }
  } catch (error) {
    await close()
    throw error
  }
}
