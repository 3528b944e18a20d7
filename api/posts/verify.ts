/** What the desk's rows say was dismissed, by whom and why, against the chains of the posts. `verify` prints it. */
import type { Db } from '../db/open.ts'

interface Told {
  action: string
  at: number
  by: number | null
  reason: string | null
  note: string | null
}

/** `problems` are Chinese sentences that name post and field, empty = whole. A post that was removed in its time is none. */
export async function verifyDismissals(db: Db): Promise<{ dismissals: number; problems: string[] }> {
  const snapshot = db.transaction().setIsolationLevel('repeatable read')
  const { told, flags } = await snapshot.execute(async trx => ({
    told: await lastTold(trx),
    flags: await trx
      .selectFrom('flag')
      .select(['post_id', 'state', 'reason', 'note', 'decided_by', 'decided_at'])
      .where('state', 'in', ['dismissed', 'open'])
      .orderBy('post_id')
      .execute(),
  }))
  let dismissals = 0
  const problems: string[] = []
  for (const flag of flags) {
    const last = told.get(String(flag.post_id))
    const what = `帖子 ${flag.post_id} 的不予处理（flag ${flag.post_id}）`
    if (flag.state === 'dismissed') {
      dismissals++
      if (last?.action !== 'dismiss') problems.push(`${what}没有审计记录。`)
      else {
        const { reason, note, by, at } = last
        const words = { reason, note, decided_by: by, decided_at: at }
        for (const [field, value] of Object.entries(words))
          if (flag[field as keyof typeof words] !== value)
            problems.push(`${what}的「${field}」与审计记录不符。`)
      }
      // Open again by an undo, which the chain has, or later from a slip that it was taken onto.
    } else if (last?.action === 'dismiss' && (flag.decided_at ?? 0) <= last.at)
      problems.push(`${what}的「state」与审计记录不符。`)
  }
  return { dismissals, problems }
}

/** The last word on each post; an entry that can no longer be read is named by its chain's own check. */
async function lastTold(db: Db): Promise<Map<string, Told>> {
  const rows = await db
    .selectFrom('audit_entry')
    .select(['case_id', 'action', 'at', 'actor_id', 'detail'])
    .where('case_kind', '=', 'post')
    .where('action', 'in', ['dismiss', 'undo'])
    .orderBy('case_id')
    .orderBy('seq')
    .execute()
  return new Map(
    rows.map(({ case_id, action, at, actor_id: by, detail }) => {
      const { reason = null, note = null } = parsed(detail)
      return [case_id, { action, at, by, reason, note }]
    }),
  )
}

function parsed(detail: string): { reason?: string; note?: string | null } {
  try {
    return JSON.parse(detail) as object
  } catch {
    return {}
  }
}
