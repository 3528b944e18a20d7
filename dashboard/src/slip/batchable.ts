import type { TaskView } from '../../../api/slips/routes.ts'

/** Only 一般性 goes by the batch: the others are read one by one. */
export const isBatchable = ({ action, level }: TaskView): boolean =>
  action === 'approve' && level === 'general'
