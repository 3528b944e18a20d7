import { expect, it } from 'vitest'
import { migrate } from '../../../api/db/open.ts'
import { onEveryDatabase } from '../../databases.ts'

onEveryDatabase('migrations', get => {
  it('bring an empty database up to date once, and then find nothing to do', async () => {
    expect(await migrate(get())).toEqual([])
  })

  it('keep integers, text and nulls as they were', async () => {
    const { db } = get()
    const { id } = await db
      .insertInto('unit')
      .values({ name: '7', kind: 'department', sort: 3, active_from: '2019-04-17', active_to: null })
      .returning('id')
      .executeTakeFirstOrThrow()
    const row = await db.selectFrom('unit').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    expect(row).toEqual({
      id,
      name: '7',
      kind: 'department',
      sort: 3,
      active_from: '2019-04-17',
      active_to: null,
    })
  })
})
