import { Alert, Spin } from 'antd'
import { Suspense } from 'react'
import { Navigate, Route, Routes } from 'react-router'
import type { SessionView } from '../../api/people/routes.ts'
import { page, pagesOf, preloadPage } from './menu.tsx'
import { Login } from './pages/login.tsx'
import { has, SessionContext, useSessionQuery } from './session.tsx'
import { Shell } from './shell.tsx'

const Slip = page(() => import('./pages/slip.tsx'), 'Slip')
const PrintSlip = page(() => import('./pages/print-slip.tsx'), 'PrintSlip')
const Event = page(() => import('./pages/event.tsx'), 'Event')
const Batch = page(() => import('./pages/batch.tsx'), 'Batch')
const Setup = page(() => import('./pages/setup.tsx'), 'Setup')
const Password = page(() => import('./pages/password.tsx'), 'Password')
const ForcedPassword = page(() => import('./pages/password.tsx'), 'ForcedPassword')

preloadPage(window.location.pathname)

const homeOf = (session: SessionView): string =>
  has(session, 'duty')
    ? '/triage'
    : // Whoever only keeps the system begins with its people.
      has(session, 'admin') && session.person.roles.length === 1
      ? '/people'
      : (pagesOf(session)[0]?.path ?? '/password')

export function App() {
  const { data: session, isPending, error } = useSessionQuery()
  if (isPending) return <Spin fullscreen />
  if (error) return <Alert type="error" showIcon title={error.message} className="alone" />
  return (
    <Suspense fallback={<Spin fullscreen />}>
      <Entry session={session} />
    </Suspense>
  )
}

function Entry({ session }: { session: SessionView | null }) {
  if (window.location.pathname === '/setup') return <Setup />
  if (!session) return <Login />
  if (session.mustChangePassword) return <ForcedPassword />
  return (
    <SessionContext value={session}>
      <Shell pages={pagesOf(session)}>
        <Routes>
          {pagesOf(session).map(({ path, view: View }) => (
            <Route key={path} path={path} element={<View />} />
          ))}
          <Route path="/slips/:id" element={<Slip />} />
          <Route path="/slips/:id/print" element={<PrintSlip />} />
          <Route path="/events/:id" element={<Event />} />
          <Route path="/batch" element={<Batch />} />
          <Route path="/password" element={<Password />} />
          <Route path="*" element={<Navigate to={homeOf(session)} replace />} />
        </Routes>
      </Shell>
    </SessionContext>
  )
}
