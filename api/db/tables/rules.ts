import type { Generated } from 'kysely'

/** One version of a rule; of each rule at most one is live. Versions are never changed, only decided. */
export interface RuleVersionTable {
  rule_id: string
  version: number
  /** JSON of Rule (pipeline/rules.ts). */
  body: string
  state: 'proposed' | 'live' | 'retired' | 'rejected'
  why: string
  /** null = shipped with the program. */
  created_by: number | null
  created_at: number
  decided_by: number | null
  decided_at: number | null
  decided_why: string | null
}

/** Counts up whenever the set of live rules changes; the worker then builds its pipeline anew. */
export interface LexiconTable {
  version: number
  at: number
  person_id: number | null
  what: string
}

/** Rules that spoke for a flagged post, with the version that did. */
export interface RuleHitTable {
  post_id: number
  rule_id: string
  version: number
  at: number
}

/** Something for the worker to try with its pipeline: a pasted text, or the posts of the last 30 days. */
export interface RuleTrialTable {
  id: Generated<number>
  kind: 'text' | 'backtest'
  /** JSON, see trials.ts. */
  input: string
  state: 'waiting' | 'done' | 'failed'
  done: number
  total: number
  result: string | null
  created_by: number
  created_at: number
  finished_at: number | null
}

/** Words that decisions of duty staff taught (api/rules/feedback-rules.ts); at most one set is live. */
export interface FeedbackSetTable {
  id: Generated<number>
  /** JSON of LearnedWord[]. */
  words: string
  /** Decisions that it was learned from. */
  kept: number
  dismissed: number
  /** JSON of FeedbackEffect. */
  effect: string
  state: 'proposed' | 'live' | 'retired' | 'rejected' | 'replaced'
  created_at: number
  decided_by: number | null
  decided_at: number | null
  decided_why: string | null
}

export interface RuleTables {
  feedback_set: FeedbackSetTable
  rule_version: RuleVersionTable
  lexicon: LexiconTable
  rule_hit: RuleHitTable
  rule_trial: RuleTrialTable
}
