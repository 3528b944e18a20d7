import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** A notice about an event says the name that the event has when it is read; what it was called then stands beside it. */
export const noticeEvents = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema.alterTable('notice').addColumn('event_id', 'bigint').execute()
    await db.schema.alterTable('notice').addColumn('event_title', 'text').execute()
    await sql`
      update notice
      set event_id = cast(substr(link, length('/events/') + 1) as bigint),
          event_title = substr(title, length('事件突增：') + 1),
          title = '事件突增'
      where topic = 'burst' and link like '/events/%' and title like '事件突增：%'`.execute(db)
  },
})
