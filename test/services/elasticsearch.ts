import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './port.ts'

export interface ElasticsearchServer {
  url: string
  /** As if the machine had lost power. */
  kill(): Promise<void>
  /** Starts again on the same port and folder. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** A real Elasticsearch node on loopback until stop(); needs `mvn`, `javac` and `pip`, fetches its jars on the first run. */
export async function startElasticsearch(): Promise<ElasticsearchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'yuqing-es-'))
  const port = await freePort()
  let server: ReturnType<typeof spawn>
  async function start(): Promise<void> {
    const program = join(import.meta.dirname, 'elasticsearch', 'start')
    const child = spawn('bash', [program, folder, String(port)], { stdio: ['ignore', 'pipe', 'pipe'] })
    server = child
    let log = ''
    child.stderr.setEncoding('utf8').on('data', chunk => {
      log = (log + chunk).slice(-4_000)
    })
    for await (const line of createInterface({ input: child.stdout })) {
      if (line !== 'ready') continue
      child.stdout.resume()
      return
    }
    throw new Error(`Elasticsearch did not start: ${log}`)
  }
  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }
  await start()
  return {
    url: `http://127.0.0.1:${port}`,
    start,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
