import { CompiledQuery, type Insertable, PostgresAdapter, type Selectable } from 'kysely'
import type { Db } from './open.ts'
import type { Schema } from './schema.ts'

/** What PostgreSQL and SQLite both take as parameters of one statement. */
const MOST_PARAMETERS = 30_000
/** Rows of one statement: few sizes, so that their statements stay prepared. */
const SIZES = [128, 32, 8, 1] as const

const quoted = (names: readonly string[]): string => names.map(name => `"${name}"`).join(', ')

function statement(
  table: string,
  columns: readonly string[],
  rows: number,
  end: string,
  isNumbered: boolean,
) {
  let number = 0
  const row = () => `(${columns.map(() => (isNumbered ? `$${++number}` : '?')).join(', ')})`
  const values = Array.from({ length: rows }, row).join(', ')
  return `insert into "${table}" (${quoted(columns)}) values ${values} ${end}`
}

const statements = new Map<string, string>()

interface Options<Table extends keyof Schema, Column extends string> {
  /** A row that is there already (by this key) becomes as the new one. */
  replaceBy?: keyof Insertable<Schema[Table]> & string
  returning?: readonly Column[]
}

/**
 * Inserts rows that all have the columns of the first. Kysely builds a tree of every value of every row; here the
 * statement is written once for each size and the values are handed over as they are.
 */
export async function insertRows<
  Table extends keyof Schema & string,
  Column extends keyof Selectable<Schema[Table]> & string = never,
>(
  db: Db,
  table: Table,
  rows: readonly Insertable<Schema[Table]>[],
  { replaceBy, returning = [] }: Options<Table, Column> = {},
): Promise<Pick<Selectable<Schema[Table]>, Column>[]> {
  if (!rows.length) return []
  const columns = Object.keys(rows[0] as object)
  const end = [
    replaceBy &&
      `on conflict ("${replaceBy}") do update set ${columns
        .filter(column => column !== replaceBy)
        .map(column => `"${column}" = excluded."${column}"`)
        .join(', ')}`,
    returning.length && `returning ${quoted(returning)}`,
  ]
    .filter(Boolean)
    .join(' ')
  const isNumbered = db.getExecutor().adapter instanceof PostgresAdapter
  const found: Pick<Selectable<Schema[Table]>, Column>[] = []
  for (let at = 0; at < rows.length; ) {
    const left = rows.length - at
    const size = SIZES.find(each => each <= left && each * columns.length <= MOST_PARAMETERS) ?? 1
    const key = [isNumbered, size, table, columns, end].join('\n')
    const sql = statements.get(key) ?? statement(table, columns, size, end, isNumbered)
    statements.set(key, sql)
    const values: unknown[] = []
    for (let row = at; row < at + size; row++)
      for (const column of columns) values.push((rows[row] as Record<string, unknown>)[column])
    const { rows: answered } = await db.executeQuery<Pick<Selectable<Schema[Table]>, Column>>(
      CompiledQuery.raw(sql, values),
    )
    found.push(...answered)
    at += size
  }
  return found
}
