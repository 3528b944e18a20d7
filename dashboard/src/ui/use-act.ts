import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useCallback } from 'react'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import type { SlipAction } from '../../../api/vocabulary.ts'
import { post } from '../api.ts'

/** Sends one act on a slip, based on the version that the person sees, and brings every list up to date. */
export function useAct() {
  const queries = useQueryClient()
  return useCallback(
    async (
      slip: Pick<SlipDetail, 'id' | 'version'>,
      action: SlipAction,
      body: object,
    ): Promise<SlipDetail> => {
      const next = await post<SlipDetail>(`/api/slips/${slip.id}/actions/${action}`, {
        version: slip.version,
        ...body,
      })
      queries.setQueryData(['slip', slip.id], next)
      for (const key of ['tasks', 'slips', 'deadlines']) void queries.invalidateQueries({ queryKey: [key] })
      return next
    },
    [queries],
  )
}

/** A failed request as a toast that stays long enough to be read. */
export function useFail() {
  const { message } = App.useApp()
  return useCallback(
    (problem: unknown) => void message.error({ content: (problem as Error).message, duration: 6 }),
    [message],
  )
}
