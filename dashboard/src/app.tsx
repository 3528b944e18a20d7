import { useQueryClient } from '@tanstack/react-query'
import { Button, Spin } from 'antd'
import { lazy, Suspense } from 'react'
import { Navigate, NavLink, Route, Routes } from 'react-router'
import type { SessionView } from '../../api/people/routes.ts'
import type { Role } from '../../api/vocabulary.ts'
import { remove } from './api.ts'
import { Login } from './pages/login.tsx'
import { has, SessionContext, useSessionQuery } from './session.tsx'

const Triage = lazy(() => import('./pages/triage.tsx').then(page => ({ default: page.Triage })))
const Search = lazy(() => import('./pages/search.tsx').then(page => ({ default: page.Search })))
const Slips = lazy(() => import('./pages/slips.tsx').then(page => ({ default: page.Slips })))
const Slip = lazy(() => import('./pages/slip.tsx').then(page => ({ default: page.Slip })))
const Tasks = lazy(() => import('./pages/tasks.tsx').then(page => ({ default: page.Tasks })))
const Deadlines = lazy(() => import('./pages/deadlines.tsx').then(page => ({ default: page.Deadlines })))
const Sources = lazy(() => import('./pages/sources.tsx').then(page => ({ default: page.Sources })))
const People = lazy(() => import('./pages/people.tsx').then(page => ({ default: page.People })))
const Setup = lazy(() => import('./pages/setup.tsx').then(page => ({ default: page.Setup })))
const Password = lazy(() => import('./pages/password.tsx').then(page => ({ default: page.Password })))

const CASE: Role[] = ['duty', 'staff', 'head', 'leader', 'chief', 'discipline', 'office', 'office_head']
const PAGES: { path: string; name: string; roles?: Role[] }[] = [
  { path: '/tasks', name: '待我办理', roles: CASE },
  { path: '/triage', name: '工作台', roles: ['duty', 'office', 'office_head'] },
  { path: '/slips', name: '处理单', roles: CASE },
  { path: '/deadlines', name: '期限看板', roles: CASE },
  { path: '/posts', name: '检索', roles: [...CASE, 'liaison'] },
  { path: '/sources', name: '信源' },
  { path: '/people', name: '人员与分工', roles: ['admin', 'office', 'office_head'] },
]

const homeOf = (session: SessionView): string =>
  has(session, 'duty')
    ? '/triage'
    : has(session, ...CASE)
      ? '/tasks'
      : has(session, 'admin')
        ? '/people'
        : '/sources'

export function App() {
  const { data: session, isPending } = useSessionQuery()
  if (window.location.pathname === '/setup')
    return (
      <Suspense>
        <Setup />
      </Suspense>
    )
  if (isPending) return <Spin fullscreen />
  if (!session) return <Login />
  if (session.mustChangePassword)
    return (
      <Suspense>
        <Password forced />
      </Suspense>
    )
  return (
    <SessionContext value={session}>
      <div className="shell">
        <Top session={session} />
        <div className="main">
          <Suspense fallback={<Spin />}>
            <Routes>
              <Route path="/triage" element={<Triage />} />
              <Route path="/posts" element={<Search />} />
              <Route path="/slips" element={<Slips />} />
              <Route path="/slips/:id" element={<Slip />} />
              <Route path="/tasks" element={<Tasks />} />
              <Route path="/deadlines" element={<Deadlines />} />
              <Route path="/sources" element={<Sources />} />
              <Route path="/people" element={<People />} />
              <Route path="/password" element={<Password />} />
              <Route path="*" element={<Navigate to={homeOf(session)} replace />} />
            </Routes>
          </Suspense>
        </div>
      </div>
    </SessionContext>
  )
}

function Top({ session }: { session: SessionView }) {
  const queries = useQueryClient()
  const leave = async () => {
    await remove('/api/session').catch(() => {})
    queries.clear()
    window.location.assign('/')
  }
  return (
    <header className="top">
      <b>常州应急舆情</b>
      <nav>
        {PAGES.filter(({ roles }) => !roles || has(session, ...roles)).map(({ path, name }) => (
          <NavLink key={path} to={path}>
            {name}
          </NavLink>
        ))}
      </nav>
      <NavLink to="/password" style={{ color: '#cfdcf0' }}>
        {session.person.name}
      </NavLink>
      <Button size="small" ghost onClick={leave}>
        退出
      </Button>
    </header>
  )
}
