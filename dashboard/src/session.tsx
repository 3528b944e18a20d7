import { useQuery } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { SessionView } from '../../api/people/routes.ts'
import type { Role } from '../../api/vocabulary.ts'
import { get } from './api.ts'

export const SessionContext = createContext<SessionView | null>(null)

export const useSessionQuery = () =>
  useQuery({ queryKey: ['session'], queryFn: () => get<SessionView>('/api/session'), retry: false })

/** Who is signed in; only under pages that need it. */
export function useSession(): SessionView {
  const session = useContext(SessionContext)
  if (!session) throw new Error('no session')
  return session
}

export const has = (session: SessionView, ...roles: Role[]): boolean =>
  roles.some(role => session.person.roles.includes(role))
