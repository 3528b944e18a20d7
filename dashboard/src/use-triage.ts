import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useMemo, useRef } from 'react'
import { useNavigate } from 'react-router'
import type { FlagView, PostItem } from '../../api/posts/routes.ts'
import type { SlipDetail } from '../../api/slips/routes.ts'
import type { DismissReason } from '../../api/vocabulary.ts'
import { post } from './api.ts'
import { useFail } from './ui/use-act.ts'

/** What can be done with flagged posts; the last dismissal can be taken back with one key. */
export function useTriage() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const fail = useFail()
  const { message } = App.useApp()
  const last = useRef<{ id: number; version: number } | null>(null)
  return useMemo(() => {
    const refresh = () => queries.invalidateQueries({ queryKey: ['triage'] })
    /** Runs, refreshes; says what went wrong. Null = it did. */
    async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
      try {
        return await work()
      } catch (problem) {
        fail(problem)
        return null
      } finally {
        void refresh()
      }
    }
    return {
      makeSlip: (items: readonly PostItem[]) =>
        attempt(async () => {
          const body = { postIds: items.map(({ id }) => id), foundHow: 'monitor' }
          // The flag's version is part of the key: a second press gives the same slip, a later one a new slip.
          const key = `posts-${items.map(({ id, flag }) => `${id}-${flag?.version ?? 0}`).join('-')}`
          const slip = await post<SlipDetail>('/api/slips', body, { 'idempotency-key': key.slice(0, 100) })
          queries.setQueryData(['slip', slip.id], slip)
          void queries.invalidateQueries({ queryKey: ['slips'] })
          void navigate(`/slips/${slip.id}`)
        }),
      async dismiss(item: PostItem, reason: DismissReason, note: string): Promise<boolean> {
        const flag = await attempt(() =>
          post<FlagView>(`/api/posts/${item.id}/dismiss`, {
            reason,
            version: item.flag?.version ?? 0,
            ...(note && { note }),
          }),
        )
        if (!flag) return false
        last.current = { id: item.id, version: flag.version }
        void message.info('已标为不予处理，按 u 可撤销')
        return true
      },
      /** Takes back this dismissal, or the last one made here. Returns the post's id. */
      async undo(item?: PostItem): Promise<number | null> {
        const target = item ? { id: item.id, version: item.flag?.version ?? 0 } : last.current
        if (!target) {
          void message.info('没有可撤销的操作；较早的在「不予处理」里撤销')
          return null
        }
        const done = await attempt(() =>
          post<FlagView>(`/api/posts/${target.id}/undo`, { version: target.version }),
        )
        if (!done) return null
        last.current = null
        void message.success('已撤销，线索回到待处理')
        return target.id
      },
      seen: (seq: number) => attempt(() => post('/api/triage/seen', { seq })),
    }
  }, [queries, navigate, fail, message])
}
