import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * Clocks in the order in which they are told. Thousands are due at nine o'clock sharp: by their moment alone, all of them
 * were read and sorted for every hundred that were told.
 */
export const remindOrder = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .createIndex('slip_clock_remind_order')
      .on('slip_clock')
      .columns(['remind_at', 'slip_id'])
      .execute()
    await db.schema.dropIndex('slip_clock_remind').execute()
  },
})
