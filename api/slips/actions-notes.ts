import { type Act, refuse } from './act.ts'
import type { Actions } from './actions.ts'
import { requireSeen } from './actions-text.ts'

const addNote = async (act: Act, kind: string, body: string, textId: number | null): Promise<number> => {
  const { id } = await act.trx
    .insertInto('slip_note')
    .values({
      slip_id: act.slip.id,
      kind,
      text_id: textId,
      body,
      by_id: act.actor.id,
      for_id: act.standing.forId,
      at: act.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export const noteActions = {
  /** the leader in charge, on exactly the text that 主要领导 will see; another version asks him anew. */
  async countersign(act, body) {
    const text = requireSeen(act, body)
    const known = act.notes.some(({ kind, text_id }) => kind === 'countersign' && text_id === text.id)
    if (known) throw refuse('这份文稿已经会签。')
    return { noteId: await addNote(act, 'countersign', body.opinion, text.id), hash: text.hash }
  },

  /** 批示: what a leader wants done; it changes no state and no deadline. */
  async instruct(act, body) {
    if (!body.body.trim()) throw refuse('请写明批示内容。')
    return { noteId: await addNote(act, 'instruction', body.body.trim(), null) }
  },
} satisfies Partial<Actions>
