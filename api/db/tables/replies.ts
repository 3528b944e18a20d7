import type { Generated } from 'kysely'

/** Texts that a reply may begin with. */
export interface ReplyTemplateTable {
  id: Generated<number>
  name: string
  hint: string
  body: string
  active: number
  version: number
}

export interface ReplyTables {
  reply_template: ReplyTemplateTable
}
