import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useState } from 'react'
import { has, useSession } from '../session.tsx'
import { useFail } from '../ui/use-act.ts'

/** Decisions about events: kept for ever, made at the desk; afterwards every view of events is read anew. */
export function useDecide() {
  const queries = useQueryClient()
  const fail = useFail()
  const { message } = App.useApp()
  const [busy, setBusy] = useState(false)
  const mayDecide = has(useSession(), 'duty', 'office', 'office_head')
  /** Null = it did not happen; why was said. */
  async function decide<T>(work: () => Promise<T>, done: string): Promise<T | null> {
    setBusy(true)
    try {
      const answer = await work()
      void message.success(done)
      return answer
    } catch (problem) {
      fail(problem)
      return null
    } finally {
      setBusy(false)
      for (const key of ['event', 'events', 'post-event', 'bursts', 'notices'])
        void queries.invalidateQueries({ queryKey: [key] })
    }
  }
  return { mayDecide, decide, busy }
}
