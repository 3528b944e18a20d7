/** When a notice may go out and what its message says. Pure. */
import { addDays, shanghaiDay, startOfDay } from '../deadline.ts'
import { afterQuiet, type Quiet } from '../quiet.ts'
import { NOTICE_TOPICS, type NoticeTopic } from '../vocabulary.ts'

const MINUTE = 60_000

/** Default for everyone and for group robots: nothing but 重大 at night. */
export const NIGHT: Quiet = { from: '22:00', to: '07:00' }

/** When a delivery is due: urgent at once, else after the digest's wait and outside quiet hours. */
export function deliverAt(
  at: number,
  input: { urgent: boolean; quiet: Quiet; digestMinutes: number },
): number {
  return input.urgent ? at : afterQuiet(at + input.digestMinutes * MINUTE, input.quiet)
}

/** Wait before try n+1 (n tries so far); null = given up, shown as failed. */
export function retryAfter(attempts: number): number | null {
  const waits = [1, 5, 15, 60, 240].map(minutes => minutes * MINUTE)
  return waits[attempts - 1] ?? null
}

export interface Message {
  title: string
  lines: { text: string; body: string; link: string | null }[]
}

/** One notice, or several as a digest. `baseUrl` has no slash at its end. */
export function messageOf(
  notices: readonly { topic: string; title: string; body: string; link: string | null }[],
  baseUrl: string,
): Message {
  const [only] = notices
  const lines = notices.map(({ title, body, link }) => ({
    text: title,
    body,
    link: link === null ? null : baseUrl + link,
  }))
  const title =
    notices.length === 1 && only
      ? `【${NOTICE_TOPICS[only.topic as NoticeTopic] ?? '通知'}】${only.title}`
      : `【常州应急舆情】${notices.length} 条通知`
  return { title, lines }
}

/** Days that an unread list goes back. */
export const inboxFrom = (now: number): number => startOfDay(addDays(shanghaiDay(now), -90))
