/** Once a morning: units whose patrol log of the day before is missing (S-4), units without a 专员 (S-3). */
import { loadCalendar } from '../calendar/store.ts'
import type { Context } from '../context.ts'
import { addDays, shanghaiDay, startOfDay } from '../deadline.ts'
import { notify } from '../notices/store.ts'
import { loadDirectory } from '../people/directory.ts'
import { settingList, settingsOn } from '../settings/store.ts'
import { isExpected, warnAt } from './rules.ts'
import { logsBetween } from './store.ts'

/** How far a machine that stood still looks back. */
const LOOK_BACK = 3

export async function warnPatrol({ db, now }: Context): Promise<number> {
  const at = now()
  const today = shanghaiDay(at)
  const people = await loadDirectory(db, today)
  const calendar = await loadCalendar(db)
  const settings = await settingList(db)
  const logs = await logsBetween(db, addDays(today, -LOOK_BACK), today)
  let told = 0
  for (let back = LOOK_BACK; back >= 1; back--) {
    const day = addDays(today, -back)
    if (at < warnAt(day) || !isExpected(calendar, settingsOn(settings, day), day)) continue
    for (const unit of people.units) {
      if (unit.activeFrom > day || logs.some(log => log.day === day && log.unitId === unit.id)) continue
      const id = await db.transaction().execute(trx =>
        notify(trx, {
          key: `patrol:${unit.id}:${day}`,
          topic: 'patrol',
          title: `${unit.name} ${day} 未登记巡查`,
          body: '请补登当日巡查情况；没有巡查的请说明原因。',
          link: '/patrol',
          urgent: false,
          personIds: [...people.officers(unit.id), ...people.heads(unit.id)],
          at,
        }),
      )
      if (id !== null) told++
    }
  }
  return told
}

const HOUR_MS = 3_600_000

/** S-3: warned of on the first working morning, and again each week while it lasts. */
export async function warnVacancies({ db, now }: Context): Promise<number> {
  const at = now()
  const today = shanghaiDay(at)
  if (at < startOfDay(today) + 9 * HOUR_MS) return 0
  const people = await loadDirectory(db, today)
  const week = addDays(today, -((new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7))
  let told = 0
  for (const unit of people.units) {
    if (people.officers(unit.id).length) continue
    const id = await db.transaction().execute(trx =>
      notify(trx, {
        key: `vacancy:${unit.id}:${week}`,
        topic: 'patrol',
        title: `${unit.name} 没有在岗的舆情专员`,
        body: '请指定专员和代理人；指定之前，转来的处理单由处室负责人办理。', // S-3
        link: '/people',
        urgent: false,
        personIds: [
          ...people.heads(unit.id),
          ...people.withRole('office'),
          ...people.withRole('office_head'),
        ],
        at,
      }),
    )
    if (id !== null) told++
  }
  return told
}
