import type { BurstTables } from './tables/bursts.ts'
import type { CalendarTables } from './tables/calendar.ts'
import type { CaseworkTables } from './tables/casework.ts'
import type { EventTables } from './tables/events.ts'
import type { EvidenceTables } from './tables/evidence.ts'
import type { IntakeTables } from './tables/intake.ts'
import type { JobTables } from './tables/jobs.ts'
import type { NoticeTables } from './tables/notices.ts'
import type { PatrolTables } from './tables/patrol.ts'
import type { PeopleTables } from './tables/people.ts'
import type { PostTables } from './tables/posts.ts'
import type { ReplyTables } from './tables/replies.ts'
import type { RuleTables } from './tables/rules.ts'
import type { SlipTables } from './tables/slips.ts'
import type { SourceTables } from './tables/sources.ts'

/** The whole database; each noun owns its tables file and its migration. */
export interface Schema
  extends PeopleTables,
    PatrolTables,
    BurstTables,
    SourceTables,
    PostTables,
    CaseworkTables,
    SlipTables,
    EventTables,
    EvidenceTables,
    JobTables,
    CalendarTables,
    NoticeTables,
    ReplyTables,
    IntakeTables,
    RuleTables {}
