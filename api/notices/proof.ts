/** Whom a notice went to and who acknowledged it when, as the chains of its slip keep it (S-33). */
import type { SealedRows } from '../audit.ts'
import type { Db } from '../db/open.ts'

const COLUMNS = ['r.notice_id', 'r.person_id', 'r.acknowledged_at'] as const

interface Recipient {
  notice_id: number
  person_id: number
  acknowledged_at: number | null
}

const keyed = (rows: readonly Recipient[]): SealedRows => ({
  notice_recipient: Object.fromEntries(
    rows.map(({ notice_id, person_id, acknowledged_at }) => [
      `${notice_id}:${person_id}`,
      { notice_id, person_id, acknowledged_at },
    ]),
  ),
})

/** All whom that notice went to, or one of them. */
export async function recipientRows(db: Db, noticeId: number, personId?: number): Promise<SealedRows> {
  const rows = await db
    .selectFrom('notice_recipient as r')
    .select(COLUMNS)
    .where('r.notice_id', '=', noticeId)
    .$if(personId !== undefined, query => query.where('r.person_id', '=', personId as number))
    .execute()
  return keyed(rows)
}

/** By slip, what must stand in its chains: who was reminded, and whatever was acknowledged. */
export async function recipientsOfSlips(
  db: Db,
  slipIds: readonly number[],
): Promise<Map<number | null, SealedRows>> {
  const rows = await db
    .selectFrom('notice_recipient as r')
    .innerJoin('notice as n', 'n.id', 'r.notice_id')
    .select(COLUMNS)
    .select('n.slip_id')
    .where('n.slip_id', 'in', slipIds)
    .where(eb => eb.or([eb('n.topic', '=', 'deadline'), eb('r.acknowledged_at', 'is not', null)]))
    .execute()
  const bySlip = Map.groupBy(rows, ({ slip_id }) => slip_id)
  return new Map([...bySlip].map(([id, each]) => [id, keyed(each)]))
}
