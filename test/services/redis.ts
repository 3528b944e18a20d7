import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from './port.ts'
import { type Server, startServer } from './server.ts'

/** Debian's own Redis, every write kept (appendonly). */
export async function startRedis(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'yuqing-redis-'))
  const port = await freePort()
  return startServer(`redis://127.0.0.1:${port}`, folder, () => open(folder, port))
}

async function open(folder: string, port: number): Promise<ChildProcess> {
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder]
  const server = spawn(
    'redis-server',
    [...place, '--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const failed = once(server, 'error').then(([error]) => Promise.reject(error))
  failed.catch(() => {})
  await Promise.race([failed, answers(port)])
  return server
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
