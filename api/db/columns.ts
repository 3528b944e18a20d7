import type { CreateTableBuilder, Kysely } from 'kysely'
import type { DatabaseKind } from './open.ts'

/**
 * One convention for both databases: ids bigint; time epoch milliseconds in bigint; days `YYYY-MM-DD` (Shanghai)
 * and JSON in text; flags integer 0/1.
 */
export function tableWithId(
  db: Kysely<never>,
  kind: DatabaseKind,
  name: string,
): CreateTableBuilder<string, 'id'> {
  return db.schema
    .createTable(name)
    .addColumn('id', kind === 'sqlite' ? 'integer' : 'bigint', column =>
      kind === 'sqlite'
        ? column.primaryKey().autoIncrement()
        : column.primaryKey().generatedByDefaultAsIdentity(),
    ) as unknown as CreateTableBuilder<string, 'id'>
}
