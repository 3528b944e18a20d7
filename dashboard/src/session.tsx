import { useQuery } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { SessionAnswer, SessionView } from '../../api/people/routes.ts'
import type { Role } from '../../api/vocabulary.ts'
import { get } from './api.ts'

export const SessionContext = createContext<SessionView | null>(null)

/** null = nobody is signed in. */
export const useSessionQuery = () =>
  useQuery({
    queryKey: ['session'],
    queryFn: async () => (await get<SessionAnswer>('/api/session')).session,
    retry: false,
  })

/** Who is signed in; only under pages that need it. */
export function useSession(): SessionView {
  const session = useContext(SessionContext)
  if (!session) throw new Error('no session')
  return session
}

export const has = (session: SessionView, ...roles: Role[]): boolean =>
  roles.some(role => session.person.roles.includes(role))
