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

/** A decision of people about events; kept for ever, also when it was taken back. */
export interface EventActTable {
  id: Generated<number>
  /** EVENT_ACTIONS (api/vocabulary.ts). */
  action: string
  /** Where it was decided. */
  event_id: number
  by_id: number
  at: number
  undone_by: number | null
  undone_at: number | null
}

/** An event that the decision changed or took posts from, as it was before; one that it made, empty. */
export interface EventActEventTable {
  act_id: number
  event_id: number
  title: string | null
  hand: number
  merged_into: number | null
}

/** A post that the decision moved or fixed. `…_fixed` null = it stood nowhere. */
export interface EventActPostTable {
  act_id: number
  post_id: number
  from_event: number | null
  from_fixed: number | null
  to_event: number | null
  to_fixed: number | null
}

export interface EventTables {
  event: EventTable
  event_post: EventPostTable
  event_text: EventTextTable
  event_term: EventTermTable
  event_turn: EventTurnTable
  event_act: EventActTable
  event_act_event: EventActEventTable
  event_act_post: EventActPostTable
}
