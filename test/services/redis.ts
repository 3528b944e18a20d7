import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from './port.ts'

export interface RedisServer {
  url: string
  /** As if the machine had lost power; what was written stays in its folder. */
  kill(): Promise<void>
  /** Starts again on the same port and folder. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Debian's own Redis on loopback, every write kept (appendonly), until stop(). */
export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'yuqing-redis-'))
  const port = await freePort()
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes']
  let server: ReturnType<typeof spawn>
  const start = async () => {
    server = spawn('redis-server', [...settings, '--appendfsync', 'always', '--save', ''], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const failed = once(server, 'error').then(([error]) => Promise.reject(error))
    failed.catch(() => {})
    await Promise.race([failed, answers(port)])
  }
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function answers(port: number): Promise<void> {
  for (;;) {
    const socket = createConnection(port, '127.0.0.1')
    const reply = await Promise.race([
      once(
        socket.on('connect', () => socket.write('PING\r\n')),
        'data',
      ).then(([data]) => String(data)),
      once(socket, 'close').then(() => ''),
    ]).catch(() => '')
    socket.destroy()
    if (reply.startsWith('+PONG')) return
    await wait(50)
  }
}
