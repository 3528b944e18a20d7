import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './port.ts'
import { type Server, startServer } from './server.ts'

const PROGRAM = join(import.meta.dirname, 'elasticsearch', 'start')

/** A real Elasticsearch node; needs `mvn`, `javac` and `pip`, fetches its jars on the first run. */
export async function startElasticsearch(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'yuqing-es-'))
  const port = await freePort()
  return startServer(`http://127.0.0.1:${port}`, folder, () => open(folder, port))
}

async function open(folder: string, port: number): Promise<ChildProcess> {
  const server = spawn('bash', [PROGRAM, folder, String(port)], { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  server.stderr.setEncoding('utf8').on('data', chunk => {
    log = (log + chunk).slice(-4_000)
  })
  for await (const line of createInterface({ input: server.stdout })) {
    if (line !== 'ready') continue
    server.stdout.resume()
    return server
  }
  throw new Error(`Elasticsearch did not start: ${log}`)
}
