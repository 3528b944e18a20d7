import type { Generated } from 'kysely'

/** A table of posts that somebody took in; the file itself is kept as a blob. */
export interface IntakeFileTable {
  id: Generated<number>
  source_id: string
  file_name: string
  sha256: string
  rows: number
  added: number
  /** Rows with mistakes that were left out. */
  skipped: number
  person_id: number
  at: number
}

export interface IntakeTables {
  intake_file: IntakeFileTable
}
