import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { LiveEvent } from '../../api/notices/routes.ts'

/** Keeps lists fresh: the server says when something is newer. Only while the page is seen: browsers allow few streams. */
export function useLive(): void {
  const queries = useQueryClient()
  useEffect(() => {
    let stream: EventSource | null = null
    let last: LiveEvent | null = null
    const refresh = (...keys: string[]) => {
      for (const key of keys) void queries.invalidateQueries({ queryKey: [key] })
    }
    const listen = () => {
      stream?.close()
      stream = document.hidden ? null : new EventSource('/api/notices/stream')
      stream?.addEventListener('message', ({ data }) => {
        const now = JSON.parse(data as string) as LiveEvent
        if (now.flag !== last?.flag) refresh('triage')
        if (now.notice !== last?.notice) refresh('notices', 'tasks', 'deadlines')
        last = now
      })
    }
    listen()
    document.addEventListener('visibilitychange', listen)
    return () => {
      document.removeEventListener('visibilitychange', listen)
      stream?.close()
    }
  }, [queries])
}
