import { LEVELS, type Level, SLIP_STATES, type SlipState } from '../../../api/vocabulary.ts'

const LEVEL_TONES: Record<Level, string> = { general: 'blue', complex: 'amber', major: 'solid-red' }

export const LevelPill = ({ level }: { level: Level | null }) => (
  <span className={`pill ${level ? LEVEL_TONES[level] : ''}`}>{level ? LEVELS[level] : '待定级'}</span>
)

/** Grey: not begun or over; blue: on its way; amber: waits for a decision; green: answered. */
const STATE_TONES: Record<SlipState, string> = {
  draft: '',
  judging: 'amber',
  drafting: 'blue',
  reviewing: 'amber',
  replying: 'blue',
  reporting: 'amber',
  tracking: 'green',
  finished: 'green',
  filing: 'green',
  archived: '',
  void: '',
}

export const StatePill = ({ status }: { status: SlipState }) => (
  <span className={`pill ${STATE_TONES[status]}`}>{SLIP_STATES[status]}</span>
)
