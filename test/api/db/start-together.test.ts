import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../../api/db/open.ts'
import { command, killedAfter } from '../../command.ts'
import { freshDatabase } from '../../databases.ts'
import { randomFrom } from '../../replica/random.ts'

const folder = mkdtempSync(join(tmpdir(), 'yuqing-migrate-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function contents(address: string): Promise<Record<string, number>> {
  const { db, close } = openDatabase(address)
  const tables = (await db.introspection.getTables()).map(({ name }) => name).sort()
  const counts: Record<string, number> = {}
  for (const name of tables) {
    const row = await db
      .selectFrom(name as 'unit')
      .select(eb => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    counts[name] = Number(row.n)
  }
  await close()
  return counts
}

describe.each(['sqlite', 'postgres'] as const)('a first start on %s', kind => {
  const fresh = async (name: string) => {
    const dataDir = join(folder, `${kind}-${name}`)
    if (kind === 'sqlite') return { DATA_DIR: dataDir, address: join(dataDir, 'yuqing.sqlite') }
    const { address, close } = await freshDatabase('postgres', { migrated: false })
    await close()
    return { DATA_DIR: dataDir, DATABASE_URL: address, address }
  }

  it('of three processes at once fills the database once', async () => {
    const [{ address: alone, ...one }, { address, ...three }] = [await fresh('one'), await fresh('three')]
    await command(['migrate'], one)
    const ends = await Promise.all(Array.from({ length: 3 }, () => command(['migrate'], three)))
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(Array(3).fill([0, '']))
    expect(await contents(address)).toEqual(await contents(alone))
  })

  it('that was killed at any moment is made good by the next', async () => {
    const { address: alone, ...one } = await fresh('whole')
    await command(['migrate'], one)
    const expected = await contents(alone)
    const random = randomFrom(77)
    for (let i = 0; i < 3; i++) {
      const { address, ...env } = await fresh(`killed${i}`)
      await killedAfter(200 + random.below(500), ['migrate'], env)
      const { code, stderr } = await command(['migrate'], env)
      expect([code, stderr]).toEqual([0, ''])
      expect(await contents(address)).toEqual(expected)
    }
  })
})
