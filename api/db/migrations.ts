import type { Migration } from 'kysely/migration'
import { people } from './migrations/001-people.ts'
import { sources } from './migrations/002-sources.ts'
import { posts } from './migrations/003-posts.ts'
import { casework } from './migrations/004-casework.ts'
import { slips } from './migrations/005-slips.ts'
import { evidence } from './migrations/006-evidence.ts'
import { jobs } from './migrations/007-jobs.ts'
import { calendar } from './migrations/008-calendar.ts'
import { sourcePlan } from './migrations/010-source-plan.ts'
import { postWatch } from './migrations/011-post-watch.ts'
import { likeness } from './migrations/020-likeness.ts'
import { events } from './migrations/021-events.ts'
import { trends } from './migrations/022-trends.ts'
import { rules } from './migrations/025-rules.ts'
import { slipProgress } from './migrations/030-slip-progress.ts'
import { reminders } from './migrations/031-reminders.ts'
import { notices } from './migrations/035-notices.ts'
import { captures } from './migrations/036-captures.ts'
import { boards } from './migrations/040-boards.ts'
import { jobKey } from './migrations/041-job-key.ts'
import { attachments } from './migrations/050-attachments.ts'
import { boardBookmark } from './migrations/051-board-bookmark.ts'
import { sourceVersions } from './migrations/055-source-versions.ts'
import { intake } from './migrations/056-intake.ts'
import { backfill } from './migrations/057-backfill.ts'
import { replyTemplates } from './migrations/060-reply-templates.ts'
import { missedPages } from './migrations/061-missed-pages.ts'
import { polls } from './migrations/062-polls.ts'
import { feedback } from './migrations/065-feedback.ts'
import { originals } from './migrations/070-originals.ts'
import { severityGrounds } from './migrations/071-severity-grounds.ts'
import { rollups } from './migrations/072-rollups.ts'
import { replyPages } from './migrations/073-reply-pages.ts'
import { remindOrder } from './migrations/074-remind-order.ts'
import { noticeRecipients } from './migrations/075-notice-recipients.ts'
import { noticeEvents } from './migrations/076-notice-events.ts'
import { eventActs } from './migrations/077-event-acts.ts'
import { missedPruned } from './migrations/090-missed-pruned.ts'
import type { DatabaseKind } from './open.ts'

/** Append-only: a migration that has been released is never changed, a new one follows it. */
export function migrations(kind: DatabaseKind): Record<string, Migration> {
  return {
    '001-people': people(kind),
    '002-sources': sources(kind),
    '003-posts': posts(kind),
    '004-casework': casework(kind),
    '005-slips': slips(kind),
    '006-evidence': evidence(kind),
    '007-jobs': jobs(kind),
    '008-calendar': calendar(kind),
    '010-source-plan': sourcePlan(),
    '011-post-watch': postWatch(),
    '020-likeness': likeness(),
    '021-events': events(kind),
    '022-trends': trends(kind),
    '025-rules': rules(kind),
    '030-slip-progress': slipProgress,
    '031-reminders': reminders(kind),
    '035-notices': notices(kind),
    '036-captures': captures(kind),
    '040-boards': boards(),
    '041-job-key': jobKey(),
    '050-attachments': attachments(),
    '055-source-versions': sourceVersions(),
    '056-intake': intake(kind),
    '057-backfill': backfill(),
    '060-reply-templates': replyTemplates(kind),
    '061-missed-pages': missedPages(),
    '062-polls': polls(),
    '065-feedback': feedback(kind),
    '070-originals': originals(),
    '051-board-bookmark': boardBookmark(),
    '071-severity-grounds': severityGrounds(),
    '072-rollups': rollups(kind),
    '073-reply-pages': replyPages(),
    '074-remind-order': remindOrder(),
    '075-notice-recipients': noticeRecipients(),
    '076-notice-events': noticeEvents(),
    '077-event-acts': eventActs(kind),
    '090-missed-pruned': missedPruned(),
  }
}
