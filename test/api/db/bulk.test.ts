import { expect, it } from 'vitest'
import { insertRows } from '../../../api/db/bulk.ts'
import { onEveryDatabase } from '../../databases.ts'

const sum = (value: string, posts: number) => ({
  dimension: 'bulk',
  value,
  day: '2026-11-20',
  concern: '',
  posts,
})

onEveryDatabase('many rows at once', get => {
  it('are all there, as they were given, whatever their number', async () => {
    const { db } = get()
    // Two of 128, one of 32, one of 8, three of one.
    const rows = Array.from({ length: 299 }, (_, at) => sum(`第 ${at} 个 '引号' "与" ? $1`, at - 7))
    await db.transaction().execute(trx => insertRows(trx, 'daily', rows))
    const stored = await db
      .selectFrom('daily')
      .select(['dimension', 'value', 'day', 'concern', 'posts'])
      .where('dimension', '=', 'bulk')
      .orderBy('posts')
      .execute()
    expect(stored.map(row => ({ ...row }))).toEqual(rows)
    expect(await insertRows(db, 'daily', [])).toEqual([])
  })

  it('one that breaks a rule leaves none of them', async () => {
    const { db } = get()
    const rows = [...Array.from({ length: 40 }, (_, at) => sum(`twice ${at}`, 1)), sum('twice 3', 1)]
    await expect(db.transaction().execute(trx => insertRows(trx, 'daily', rows))).rejects.toThrow()
    const left = await db.selectFrom('daily').select('value').where('value', 'like', 'twice%').execute()
    expect(left).toEqual([])
  })

  it('answers what is asked for in the order of the rows; by a key the new one takes the place of the old', async () => {
    const { db } = get()
    const lexicon = (from: number, what: string | null) =>
      Array.from({ length: 45 }, (_, at) => ({
        version: from + at,
        at,
        person_id: null,
        what: `${what} ${from + at}`,
      }))
    const first = await insertRows(db, 'lexicon', lexicon(100, 'old'), { returning: ['version', 'what'] })
    expect(first.map(row => ({ ...row }))).toEqual(
      lexicon(100, 'old').map(({ version, what }) => ({ version, what })),
    )
    await insertRows(db, 'lexicon', lexicon(130, 'new'), { replaceBy: 'version' })
    const whats = await db
      .selectFrom('lexicon')
      .select('what')
      .where('version', '>=', 100)
      .orderBy('version')
      .execute()
    expect(whats.map(({ what }) => what)).toEqual(
      Array.from({ length: 75 }, (_, at) => `${at < 30 ? 'old' : 'new'} ${100 + at}`),
    )
  })
})
