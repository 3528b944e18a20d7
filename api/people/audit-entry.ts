import type { AuditInput } from '../audit.ts'

/** What was done about a person, as an entry of that person's chain. */
export const personEntry = (
  id: number,
  actorId: number,
  at: number,
  action: string,
  detail: object,
): AuditInput => ({ caseKind: 'person', caseId: String(id), at, actorId, forId: null, action, detail })
