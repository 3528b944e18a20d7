import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import { type Database, migrate, openDatabase } from '../../api/db/open.ts'
import type { SourceConfig } from '../../crawlers/site.ts'

const PROJECT = resolve(import.meta.dirname, '../..')

/** One installation of the program in a temporary folder, its worker a process of its own that can be killed. */
export interface Installation {
  dataDir: string
  /** What its requests say, so that a replica can tell two installations apart. */
  userAgent: string
  start(): ChildProcess
  /** Sends the signal (SIGTERM unless told otherwise) and waits until the process is gone. */
  stop(child: ChildProcess, signal?: NodeJS.Signals): Promise<void>
  /** The installation's database, for a look from outside. */
  open(): Promise<Database>
  remove(): void
}

export function install(name: string, sources: readonly SourceConfig[]): Installation {
  const folder = mkdtempSync(join(tmpdir(), `yuqing-${name}-`))
  const [dataDir, configDir] = [join(folder, 'data'), join(folder, 'config')]
  mkdirSync(dataDir)
  cpSync(join(PROJECT, 'config'), configDir, { recursive: true })
  writeFileSync(join(configDir, 'sources.yaml'), stringify({ sources }))
  const userAgent = `${name}/test`
  const children = new Set<ChildProcess>()
  return {
    dataDir,
    userAgent,
    start() {
      const child = spawn(process.execPath, [join(PROJECT, 'api/main.ts'), 'worker'], {
        env: {
          ...process.env,
          DATA_DIR: dataDir,
          CONFIG_DIR: configDir,
          USER_AGENT: userAgent,
          LOG_LEVEL: 'error',
        },
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      children.add(child)
      return child
    },
    async stop(child, signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise(done => child.once('exit', done))
        child.kill(signal)
        await gone
      }
      children.delete(child)
    },
    async open() {
      const database = openDatabase(join(dataDir, 'yuqing.sqlite'))
      await migrate(database)
      return database
    },
    remove() {
      for (const child of children) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
