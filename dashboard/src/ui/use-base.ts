import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { ApiError } from '../api.ts'

/**
 * The version of a slip that what somebody is writing rests on. It stays while it is `held`, though the page goes on
 * showing what others do: who was overtaken is told so when he sends, and only then rests on the newest one.
 */
export function useBase({ id, version }: Pick<SlipDetail, 'id' | 'version'>, held: boolean) {
  const queries = useQueryClient()
  const [base, setBase] = useState(version)
  if (!held && base !== version) setBase(version)
  const queryKey = ['slip', id]
  async function renew(): Promise<void> {
    await queries.refetchQueries({ queryKey, exact: true })
    setBase(queries.getQueryData<SlipDetail>(queryKey)?.version ?? base)
  }
  return {
    slip: { id, version: base },
    renew,
    /** For what a request failed with: shows what was done meanwhile. */
    renewIfStale: (problem: unknown) =>
      problem instanceof ApiError && problem.status === 409 ? renew() : Promise.resolve(),
  }
}
