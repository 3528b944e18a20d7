import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeAuditRoot, verifyAudit } from '../../../api/audit.ts'
import { verifyBlobs, verifyManifests } from '../../../api/evidence/store.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { verifySlips } from '../../../api/slips/verify.ts'
import { freshDatabase } from '../../databases.ts'
import { type TestContext, testContext } from '../context.ts'
import { addCast } from './cast.ts'
import { richCases, withoutRows } from './rich.ts'
import { at, type Road } from './road.ts'

/** What proves nothing: taken out of the check by table or by column, each with its reason. */
const UNSEALED: Record<string, string> = {
  notice: 'the message; that, when and to whom a reminder went is slip_reminder and notice_recipient',
  capture_request: 'the work list of the camera; what it brings home is evidence',
  flag: 'what the duty screen shows; that a post is on a slip is slip_post, its dismissal the chain of the post',
  'audit_entry.id': 'order of writing; entries stand in their chain by case and seq',
  'slip_clock.remind_at': 'when the timer looks next, worked out anew from the clock after every act',
  'notice_recipient.read_at': 'who opened a message; that he acknowledged it is sealed',
  'blob.media_type': 'how a file is shown; its bytes are sealed by their name',
  'blob.created_at': 'when the file came is captured_at of its evidence',
}
/** Beside the tables that name a slip: those that carry the proof itself. */
const MORE = ['notice_recipient', 'blob', 'audit_entry', 'audit_root']

interface Column {
  name: string
  dataType: string
}
type Row = Record<string, unknown>

let test: TestContext
async function problems(): Promise<string[]> {
  const { db, blobs } = test.context
  return [
    ...(await verifyAudit(db)).problems,
    ...(await verifyManifests(db)).problems,
    ...(await verifyBlobs(db, blobs)).problems,
    ...(await verifySlips(db)).problems,
  ]
}

/** Tables and columns as the database has them, so that a new one without cover fails. */
async function domain(): Promise<Map<string, Column[]>> {
  const tables = await test.context.db.introspection.getTables()
  const ours = tables.filter(
    ({ name, columns }) =>
      name === 'slip' || MORE.includes(name) || columns.some(column => column.name === 'slip_id'),
  )
  return new Map(ours.filter(({ name }) => !(name in UNSEALED)).map(({ name, columns }) => [name, columns]))
}

const rowsOf = async (table: string, columns: readonly Column[]): Promise<Row[]> => {
  const part = columns.some(({ name }) => name === 'slip_id')
    ? sql`slip_id is not null`
    : // Of messages those that are proof: the reminders.
      table === 'notice_recipient'
      ? sql`notice_id in (select id from notice where topic = 'deadline' and slip_id is not null)`
      : sql`true`
  return (await sql<Row>`select * from ${sql.table(table)} where ${part}`.execute(test.context.db)).rows
}

const isRow = (row: Row) =>
  sql.join(
    Object.entries(row).map(([name, value]) =>
      value === null ? sql`${sql.ref(name)} is null` : sql`${sql.ref(name)} = ${value}`,
    ),
    sql` and `,
  )

const changed = (value: unknown, { dataType }: Column): unknown => {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'string') return `${value.slice(0, -1)}${value.endsWith('X') ? 'Y' : 'X'}`
  return /int/i.test(dataType) ? 1 : 'X'
}

/** What is found once that field of the row is another; null where the database itself refuses. */
async function tampered(table: string, row: Row, column: Column): Promise<string[] | null> {
  const { db } = test.context
  const field = sql.ref(column.name)
  const other = { ...row, [column.name]: changed(row[column.name], column) }
  const set = (from: Row, to: Row) =>
    sql`update ${sql.table(table)} set ${field} = ${to[column.name]} where ${isRow(from)}`.execute(db)
  try {
    await set(row, other)
  } catch (error) {
    expect((error as Error).message).toMatch(/foreign key|unique/i)
    return null
  }
  try {
    return await problems()
  } finally {
    await set(other, row)
  }
}

describe.each(['sqlite', 'postgres'] as const)('a changed byte on %s', kind => {
  let slips: SlipDetail[]
  let road: Road
  beforeAll(async () => {
    test = await testContext(at('2019-05-06T09:00:00'), { open: () => freshDatabase(kind) })
    await addCast(test.context, '2019-05-06')
    const cases = await richCases(test)
    slips = cases.slips
    road = cases.road
    await test.context.db.transaction().execute(trx => makeAuditRoot(trx, '2019-05-08', test.clock.now))
  }, 240_000)
  afterAll(() => test.close())

  it('nothing is found where nothing was changed', async () => {
    expect(await problems()).toEqual([])
  })

  it('in any column of any row of a case is found, and named by table, row and field', async () => {
    const missed: string[] = []
    for (const [table, columns] of await domain()) {
      const all = await rowsOf(table, columns)
      // The columns are the same there: one row of each is enough.
      const rows = kind === 'postgres' ? all.slice(0, 1) : all
      if (!rows.length) missed.push(`${table}: the cases have no such row`)
      for (const row of rows)
        for (const column of columns) {
          if (`${table}.${column.name}` in UNSEALED) continue
          const found = await tampered(table, row, column)
          const name = table.startsWith('audit') || table === 'blob' ? '' : `${table} `
          if (found && !found.some(text => text.includes(name) && isNamed(text, column.name)))
            missed.push(`${table}.${column.name} = ${row[column.name]}: ${found[0] ?? 'not found'}`)
        }
    }
    expect(await problems()).toEqual([])
    expect(missed).toEqual([])
  }, 300_000)
  const isNamed = (text: string, column: string): boolean =>
    text.includes(`「${column}」`) || /没有审计记录|已不存在|第\d+条|日校验值|证据文件/.test(text)

  it('between two acts is not taken over by the second one', async () => {
    const { db } = test.context
    const id = slips[3]?.id as number
    const rename = (title: string) => db.updateTable('slip').set({ title }).where('id', '=', id).execute()
    const title = slips[3]?.title as string
    await rename('另一个标题')
    await road.go('netleader', await road.read('officer', id), 'instruct', { body: '请抓紧' })
    expect((await problems()).join('\n')).toContain(`（slip ${id}）的「title」与审计记录不符`)
    await rename(title)
    expect(await problems()).toEqual([])
  })

  it('nothing is found while people act, either', async () => {
    const { db } = test.context
    const acting = (async () => {
      let slip = await road.read('officer', slips[3]?.id as number)
      for (let n = 1; n <= 12; n++)
        slip = await road.go('netleader', slip, 'instruct', { body: `第 ${n} 次` })
    })()
    let over = false
    void acting.finally(() => {
      over = true
    })
    const found: string[] = []
    while (!over) {
      found.push(...(await verifySlips(db)).problems, ...(await verifyAudit(db)).problems)
      await new Promise(setImmediate)
    }
    await acting
    expect(found).toEqual([])
  })

  it('a row that was taken away or put in is found and named', async () => {
    const { db } = test.context
    const missed: string[] = []
    for (const [table, columns] of await domain()) {
      if (['blob', 'audit_root'].includes(table)) continue
      for (const row of await rowsOf(table, columns)) {
        await sql`delete from ${sql.table(table)} where ${isRow(row)}`.execute(db)
        const found = await problems()
        const names = Object.keys(row).map(name => sql.ref(name))
        await sql`insert into ${sql.table(table)} (${sql.join(names)})
          values (${sql.join(Object.values(row))})`.execute(db)
        if (!found.length) missed.push(`${table} ${JSON.stringify(row)}`)
      }
    }
    expect(missed).toEqual([])
    const note = {
      ...((await rowsOf('slip_note', [{ name: 'slip_id', dataType: '' }]))[0] as Row),
      id: 9_999,
    }
    await db
      .insertInto('slip_note')
      .values(note as never)
      .execute()
    expect((await problems()).join('\n')).toContain('（slip_note 9999）没有审计记录')
    await db.deleteFrom('slip_note').where('id', '=', 9_999).execute()
    expect(await problems()).toEqual([])
  }, 120_000)

  it('in a kept file is found and named', async () => {
    const { db, blobs, config } = test.context
    for (const { sha256 } of await db.selectFrom('blob').select('sha256').execute()) {
      const bytes = Buffer.from(await blobs.get(sha256))
      const file = join(config.dataDir, 'blobs', sha256.slice(0, 2), sha256.slice(2))
      const flipped = Buffer.from(bytes)
      flipped[0] = (flipped[0] as number) ^ 1
      writeFileSync(file, flipped)
      expect(await problems()).toEqual([`证据文件 ${sha256} 被改动。`])
      writeFileSync(file, bytes)
    }
    expect(await problems()).toEqual([])
  })

  it('in a case from before entries carried rows is found by what its entries name', async () => {
    await withoutRows(test)
    expect(await problems()).toEqual([])
    const named = {
      slip_text: ['body', 'mode', 'hash', 'opinion'],
      slip_reply: ['text', 'url', 'mode'],
      slip_report: ['handler', 'sent_at'],
      slip_tracking: ['judgement'],
      slip_extension: ['until_day'],
      slip_note: ['body'],
      slip: ['ground', 'level'],
    }
    const tables = await domain()
    for (const [table, fields] of Object.entries(named)) {
      const columns = tables.get(table) as Column[]
      const row = (await rowsOf(table, columns)).find(
        each => each.opinion !== null && each.slip_id !== slips[2]?.id,
      )
      for (const column of columns.filter(({ name }) => fields.includes(name))) {
        const found = await tampered(table, row as Row, column)
        expect(found?.[0], `${table}.${column.name}`).toMatch(/^处理单 YQ〔2019〕00\d号：/)
      }
    }
  })
})
