/** Units of the organisation; one is never removed, its slips stay with it. */
import { parse } from 'yaml'
import type { Db, Trx } from '../db/open.ts'
import { type Day, shanghaiDay } from '../deadline.ts'
import { AppError } from '../errors.ts'

export interface Named {
  id: number
  name: string
}

export interface Unit extends Named {
  kind: 'office' | 'department' | 'subordinate'
  activeFrom: Day
  activeTo: Day | null
}

export async function unitList(db: Db): Promise<Unit[]> {
  const rows = await db.selectFrom('unit').selectAll().orderBy('sort').orderBy('id').execute()
  return rows.map(({ id, name, kind, active_from, active_to }) => ({
    id,
    name,
    kind,
    activeFrom: active_from,
    activeTo: active_to,
  }))
}

export const unitById = async (db: Db, id: number): Promise<Unit | null> =>
  (await unitList(db)).find(unit => unit.id === id) ?? null

export const unitNames = async (db: Db): Promise<Map<number, string>> =>
  new Map((await unitList(db)).map(({ id, name }) => [id, name]))

/** @throws AppError request.invalid where there is no such unit. */
export async function requireUnit(db: Db, id: number | null): Promise<void> {
  if (id !== null && !(await unitById(db, id)))
    throw new AppError('request.invalid', { message: '没有这个处室，请重新选择。' })
}

/** 市局办公室. @throws Error where the organisation has none. */
export async function officeUnit(db: Db): Promise<Unit> {
  const office = (await unitList(db)).find(({ kind }) => kind === 'office')
  if (!office) throw new Error('organisation without 办公室')
  return office
}

/** Loads config/organisation.yaml where no unit exists yet. */
export async function seedOrganisation(trx: Trx, yamlText: string, now: number): Promise<void> {
  if ((await unitList(trx)).length) return
  const { units } = parse(yamlText) as { units: { name: string; kind: Unit['kind'] }[] }
  await trx
    .insertInto('unit')
    .values(
      units.map(({ name, kind }, sort) => ({
        name,
        kind,
        sort,
        active_from: shanghaiDay(now),
        active_to: null,
      })),
    )
    .execute()
}

async function requireFreeName(trx: Trx, name: string, ownId: number | null): Promise<void> {
  const taken = (await unitList(trx)).some(unit => unit.name === name && unit.id !== ownId)
  if (taken) throw new AppError('request.invalid', { message: `已有名为「${name}」的单位。` })
}

/** @throws AppError request.invalid for a name that is taken. */
export async function createUnit(
  trx: Trx,
  input: { name: string; kind: Unit['kind']; activeFrom: Day },
): Promise<number> {
  const name = input.name.trim()
  await requireFreeName(trx, name, null)
  const sort = (await unitList(trx)).length
  const { id } = await trx
    .insertInto('unit')
    .values({ name, kind: input.kind, sort, active_from: input.activeFrom, active_to: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Answers what it was before. @throws AppError notFound, request.invalid. */
export async function updateUnit(
  trx: Trx,
  id: number,
  input: { name: string; activeTo: Day | null },
): Promise<Unit> {
  const known = (await unitList(trx)).find(unit => unit.id === id)
  if (!known) throw new AppError('notFound')
  if (known.kind === 'office' && input.activeTo !== null)
    throw new AppError('request.invalid', { message: '市局办公室不能撤销。' })
  if (input.activeTo !== null && input.activeTo < known.activeFrom)
    throw new AppError('request.invalid', { message: '撤销日期不得早于设立日期。' })
  await requireFreeName(trx, input.name.trim(), id)
  await trx
    .updateTable('unit')
    .set({ name: input.name.trim(), active_to: input.activeTo })
    .where('id', '=', id)
    .execute()
  return known
}
