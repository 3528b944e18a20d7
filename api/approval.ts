import { createHash } from 'node:crypto'
import { canonical } from './audit.ts'

/**
 * What an approval is bound to (S-17): the text with everything that decides where it goes. Change a character and
 * the hash is another one, so the approval of the old text approves nothing.
 */
export const approvalHash = (content: Record<string, string | null>): string =>
  createHash('sha256').update(canonical(content)).digest('hex')
