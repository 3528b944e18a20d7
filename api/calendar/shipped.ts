import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Calendar } from '../deadline.ts'
import { makeCalendar, readCalendarFile, type YearNotice } from './rules.ts'

const SHIPPED = resolve(import.meta.dirname, '../../config')

/** The notices of `calendar.yaml` in that folder (default: the one delivered with the program). */
export const shippedNotices = (configDir = SHIPPED): YearNotice[] =>
  readCalendarFile(readFileSync(resolve(configDir, 'calendar.yaml'), 'utf8'))

/** For the command line and tests: no database needed. */
export const shippedCalendar = (configDir = SHIPPED): Calendar => makeCalendar(shippedNotices(configDir))
