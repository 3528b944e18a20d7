import { noticesInForce } from '../calendar/store.ts'
import type { Context } from '../context.ts'
import { addDays, shanghaiDay } from '../deadline.ts'
import { notify } from '../notices/store.ts'
import { peopleWithRole } from '../people/store.ts'

/** From 1 November, each week, while the notice of next year is not entered: dates in it are provisional. */
export async function warnMissingYear({ db, now }: Context): Promise<boolean> {
  const at = now()
  const today = shanghaiDay(at)
  const year = Number(today.slice(0, 4)) + 1
  if (today.slice(5) < '11-01') return false
  if ((await noticesInForce(db)).some(each => each.year === year && each.notice)) return false
  const week = addDays(today, -((new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7))
  const roles = ['office_head', 'office', 'admin'] as const
  const people = (await Promise.all(roles.map(role => peopleWithRole(db, role)))).flat()
  const id = await db.transaction().execute(trx =>
    notify(trx, {
      key: `calendar:${year}:${week}`,
      topic: 'calendar',
      title: `${year}年放假安排尚未录入`,
      body: `跨年的答复时限为暂定。国务院办公厅通知公布后，请在「放假安排」中粘贴原文录入。`,
      link: '/calendar',
      urgent: false,
      personIds: people.map(({ id: personId }) => personId),
      at,
    }),
  )
  return id !== null
}
