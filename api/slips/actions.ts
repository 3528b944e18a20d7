/** What each act requires beyond person and state, and what it changes. Rows of requirements.md stand beside each. */
import type { SlipAction } from '../vocabulary.ts'
import type { Act } from './act.ts'
import { archiveActions } from './actions-archive.ts'
import { clockActions } from './actions-clock.ts'
import { intakeActions } from './actions-intake.ts'
import { judgeActions } from './actions-judge.ts'
import { noteActions } from './actions-notes.ts'
import { replyActions } from './actions-reply.ts'
import { textActions } from './actions-text.ts'
import type { ActionBody } from './routes.ts'

export type Actions = { [A in SlipAction]: (act: Act, body: ActionBody[A]) => Promise<object | undefined> }

export const ACTIONS: Actions = {
  ...intakeActions,
  ...judgeActions,
  ...noteActions,
  ...textActions,
  ...replyActions,
  ...clockActions,
  ...archiveActions,
}
