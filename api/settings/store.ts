import type { Db, Trx } from '../db/open.ts'
import type { Day } from '../deadline.ts'
import { DEFAULT_SETTINGS, SETTINGS, type SettingKey, type Settings } from './rules.ts'

export interface StoredSetting {
  key: SettingKey
  validFrom: Day
  value: unknown
  setBy: number | null
  setAt: number
}

/** Every value ever set, oldest first. */
export async function settingList(db: Db): Promise<StoredSetting[]> {
  const rows = await db.selectFrom('setting').selectAll().orderBy('key').orderBy('valid_from').execute()
  return rows
    .filter(({ key }) => key in SETTINGS)
    .map(row => ({
      key: row.key as SettingKey,
      validFrom: row.valid_from,
      value: JSON.parse(row.value) as unknown,
      setBy: row.set_by,
      setAt: row.set_at,
    }))
}

/** What holds on a day, of values in the order of settingList. */
export const settingsOn = (list: readonly StoredSetting[], day: Day): Settings => ({
  ...DEFAULT_SETTINGS,
  ...Object.fromEntries(
    list.filter(({ validFrom }) => validFrom <= day).map(({ key, value }) => [key, value]),
  ),
})

export const loadSettings = async (db: Db, day: Day): Promise<Settings> =>
  settingsOn(await settingList(db), day)

/** From that day on; the same key and day again is a correction of what does not hold yet. */
export async function saveSetting(
  trx: Trx,
  input: { key: SettingKey; validFrom: Day; value: unknown },
  by: number,
  at: number,
): Promise<void> {
  const row = { value: JSON.stringify(input.value), set_by: by, set_at: at }
  await trx
    .insertInto('setting')
    .values({ key: input.key, valid_from: input.validFrom, ...row })
    .onConflict(conflict => conflict.columns(['key', 'valid_from']).doUpdateSet(row))
    .execute()
}
