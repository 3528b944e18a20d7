import { useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { post } from '../api.ts'
import { has, useSession } from '../session.tsx'
import { useFail } from '../ui/use-act.ts'

/** Long enough to see that it was the wrong one. */
const UNDO_SECONDS = 12

/** Decisions about events: kept for ever, made at the desk; afterwards every view of events is read anew. */
export function useDecide() {
  const fail = useFail()
  const refresh = useRefresh()
  const { message } = App.useApp()
  const { undo } = useUndo()
  const [busy, setBusy] = useState(false)
  const mayDecide = has(useSession(), 'duty', 'office', 'office_head')
  /** Null = it did not happen; why was said. What happened can be taken back from the toast that says so. */
  async function decide<T extends { act: number }>(work: () => Promise<T>, done: string): Promise<T | null> {
    setBusy(true)
    try {
      const answer = await work()
      const { act } = answer
      const key = `event-act-${act}`
      const takeBack = () => {
        message.destroy(key)
        void undo(act)
      }
      void message.success({
        key,
        duration: UNDO_SECONDS,
        content: (
          <>
            {done}{' '}
            <Button size="small" type="link" onClick={takeBack}>
              撤销
            </Button>
          </>
        ),
      })
      return answer
    } catch (problem) {
      fail(problem)
      return null
    } finally {
      setBusy(false)
      refresh()
    }
  }
  return { mayDecide, decide, busy }
}

function useRefresh() {
  const queries = useQueryClient()
  return () => {
    for (const key of ['event', 'events', 'post-event', 'bursts', 'notices'])
      void queries.invalidateQueries({ queryKey: [key] })
  }
}

/** Takes a decision back, and shows the event where it had been made to whoever looks at one. */
export function useUndo() {
  const fail = useFail()
  const refresh = useRefresh()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [busy, setBusy] = useState(false)
  async function undo(act: number): Promise<void> {
    setBusy(true)
    try {
      const { event } = await post<{ event: number }>(`/api/event-acts/${act}/undo`)
      void message.success('已撤销，恢复到这一步之前')
      // Asked now: the toast outlives the page where the decision was made.
      if (window.location.pathname.startsWith('/events/')) void navigate(`/events/${event}`)
    } catch (problem) {
      fail(problem)
    } finally {
      setBusy(false)
      refresh()
    }
  }
  return { undo, busy }
}
