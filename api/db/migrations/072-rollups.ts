import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { DatabaseKind } from '../open.ts'

/**
 * Sums stand in the order of their keys: a year of days is read in one go instead of by a look at the table per row.
 * PostgreSQL keeps its tables as they are; it reads them fast enough.
 */
export const rollups = (kind: DatabaseKind): Migration => ({
  async up(db: Kysely<never>) {
    if (kind !== 'sqlite') return
    await sql`alter table daily rename to daily_before`.execute(db)
    await sql`create table daily (
      dimension text not null, day text not null, value text not null, concern text not null, posts bigint not null,
      constraint daily_key primary key (dimension, day, value, concern)
    ) without rowid`.execute(db)
    await sql`insert into daily (dimension, day, value, concern, posts)
      select dimension, day, value, concern, posts from daily_before`.execute(db)
    await sql`drop table daily_before`.execute(db)
    await sql`alter table hourly rename to hourly_before`.execute(db)
    await sql`create table hourly (
      hour bigint not null, source_id text not null, topic text not null, posts bigint not null, flagged bigint not null,
      constraint hourly_key primary key (hour, source_id, topic)
    ) without rowid`.execute(db)
    await sql`insert into hourly (hour, source_id, topic, posts, flagged)
      select hour, source_id, topic, posts, flagged from hourly_before`.execute(db)
    await sql`drop table hourly_before`.execute(db)
  },
})
