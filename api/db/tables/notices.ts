import type { Generated } from 'kysely'

/** One thing that somebody must hear of; `key` makes it exactly one, whoever tells it again. */
export interface NoticeTable {
  id: Generated<number>
  key: string
  /** NoticeTopic (api/vocabulary.ts). */
  topic: string
  /** Where it is about an event, what stands before the event's name: 事件突增. */
  title: string
  body: string
  /** Path inside the program, e.g. /slips/12. */
  link: string | null
  /** Goes out at night too (重大). */
  urgent: number
  slip_id: number | null
  event_id: number | null
  /** What the event was called when people were told. */
  event_title: string | null
  created_at: number
}

export interface NoticeRecipientTable {
  notice_id: number
  person_id: number
  read_at: number | null
  acknowledged_at: number | null
}

/** A way out of the program: a group robot, or the mail server (address = the person's own). */
export interface NoticeChannelTable {
  id: Generated<number>
  kind: string
  name: string
  /** Webhook of a robot; empty for mail. */
  url: string
  /** Signing secret of 钉钉 and 飞书; never shown again. */
  secret: string | null
  /** JSON NoticeTopic[]. */
  topics: string
  /** Only what concerns people of this unit; null = all. */
  unit_id: number | null
  allow_private: number
  active: number
  version: Generated<number>
}

export interface NoticeSettingTable {
  person_id: number
  email: string | null
  /** JSON NoticeTopic[] that also go by mail. */
  mail_topics: string
  /** HH:MM, Shanghai; nothing but urgent notices goes out between. */
  quiet_from: string
  quiet_to: string
  /** 0 = at once; else collected for so many minutes. */
  digest_minutes: number
  version: Generated<number>
}

export interface NoticeDeliveryTable {
  id: Generated<number>
  notice_id: number
  channel_id: number
  /** null = to the channel's group. */
  person_id: number | null
  state: string
  attempts: number
  /** Epoch ms; not before. A worker that takes it moves this on, so that a dead worker's try is taken up again. */
  next_at: number
  last_error: string | null
  sent_at: number | null
}

export interface NoticeTables {
  notice: NoticeTable
  notice_recipient: NoticeRecipientTable
  notice_channel: NoticeChannelTable
  notice_setting: NoticeSettingTable
  notice_delivery: NoticeDeliveryTable
}
