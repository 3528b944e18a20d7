import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { DatabaseKind } from '../open.ts'

export const calendar = (_kind: DatabaseKind): Migration => ({
  async up(_db: Kysely<never>) {},
})
