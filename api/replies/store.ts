import { parse } from 'yaml'
import type { Db, Trx } from '../db/open.ts'
import { AppError } from '../errors.ts'

/** A text to begin with; its blanks are for people to fill. */
export interface ReplyTemplate {
  id: number
  name: string
  /** When to use it. */
  hint: string
  body: string
  active: boolean
  version: number
}

export type TemplateInput = Pick<ReplyTemplate, 'name' | 'hint' | 'body' | 'active'>

export async function templateList(db: Db): Promise<ReplyTemplate[]> {
  const rows = await db.selectFrom('reply_template').selectAll().orderBy('id').execute()
  return rows.map(row => ({ ...row, active: row.active === 1 }))
}

/** Loads config/reply-templates.yaml where there is none yet. */
export async function seedTemplates(trx: Trx, yamlText: string): Promise<void> {
  if ((await templateList(trx)).length) return
  const { templates } = parse(yamlText) as { templates: Omit<TemplateInput, 'active'>[] }
  for (const template of templates) await addTemplate(trx, { ...template, active: true })
}

const columns = ({ name, hint, body, active }: TemplateInput) => ({
  name: name.trim(),
  hint: hint.trim(),
  body: body.trim(),
  active: active ? 1 : 0,
})

export async function addTemplate(trx: Trx, input: TemplateInput): Promise<number> {
  const { id } = await trx
    .insertInto('reply_template')
    .values({ ...columns(input), version: 1 })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** @throws AppError notFound, person.stale. */
export async function changeTemplate(
  trx: Trx,
  id: number,
  version: number,
  input: TemplateInput,
): Promise<void> {
  const known = (await templateList(trx)).find(each => each.id === id)
  if (!known) throw new AppError('notFound')
  const rows = await trx
    .updateTable('reply_template')
    .set({ ...columns(input), version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version)
    .returning('id')
    .execute()
  if (!rows.length) throw new AppError('person.stale')
}
