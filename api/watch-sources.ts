import type { Context } from './context.ts'
import { notify } from './notices/store.ts'
import { personList } from './people/store.ts'
import { sourceAlarms } from './sources/alarm-store.ts'

/** Whoever runs the program, and 办公室, hear of a source that is not well: once an episode, apart from content. */
export async function watchSources({ db, now }: Context): Promise<number> {
  const at = now()
  const alarms = await sourceAlarms(db, at)
  if (!alarms.length) return 0
  const people = (await personList(db)).filter(
    ({ active, roles }) => active && roles.some(role => ['admin', 'office', 'office_head'].includes(role)),
  )
  let told = 0
  for (const { source, name, kind, since, title, advice } of alarms) {
    const notice = {
      key: `source:${source}:${kind}:${since}`,
      topic: 'source',
      title: `${name}：${title}`,
      body: advice,
      link: '/sources',
      urgent: false,
      personIds: people.map(({ id }) => id),
      at,
    } as const
    if (await db.transaction().execute(trx => notify(trx, notice))) told++
  }
  return told
}
