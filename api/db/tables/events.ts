import type { Generated } from 'kysely'

/** Several posts about one incident. Never deleted: one that was merged away or emptied points to what has its posts now. */
export interface EventTable {
  id: Generated<number>
  /** As people named it; null = the first post speaks for it. */
  title: string | null
  created_at: number
  /** 1 where people decided something about it. */
  hand: number
  merged_into: number | null
  version: Generated<number>
}

/** A post belongs to one event at most. Copies stand with their original. */
export interface EventPostTable {
  post_id: number
  /** null with `fixed` = people took it out for good. */
  event_id: number | null
  /** Epoch ms of publication, of first sight where the page shows none. */
  at: number
  /** 1 = people decided; the machine never moves it. */
  fixed: number
}

/** What clustering needs of a text; for originals that concern us. */
export interface EventTextTable {
  post_id: number
  /** Fingerprint of the text: sorts texts whatever their order of arrival. */
  key: string
  at: number
  /** JSON [[term, weight], …]. */
  terms: string
  /** JSON [name, …]. */
  places: string
  districts: string
  event_class: string | null
}

/** Inverted index of terms and places. */
export interface EventTermTable {
  term: string
  post_id: number
  at: number
}

/** One row: taken by whoever changes memberships, so that two workers take turns; `turn` counts changes. */
export interface EventTurnTable {
  id: number
  turn: number
  settled_turn: number
}

export interface EventTables {
  event: EventTable
  event_post: EventPostTable
  event_text: EventTextTable
  event_term: EventTermTable
  event_turn: EventTurnTable
}
