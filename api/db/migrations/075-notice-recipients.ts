import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Whom a notice went to: its key begins with the person, so that every reminder read all recipients of all notices. */
export const noticeRecipients = (): Migration => ({
  async up(db: Kysely<never>) {
    await db.schema
      .createIndex('notice_recipient_notice')
      .on('notice_recipient')
      .column('notice_id')
      .execute()
  },
})
