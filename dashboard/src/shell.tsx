import { DownOutlined, MenuOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Drawer, Dropdown, Skeleton } from 'antd'
import { type ReactNode, Suspense, useEffect, useState } from 'react'
import { NavLink, useLocation, useNavigate } from 'react-router'
import type { TriageAnswer } from '../../api/posts/routes.ts'
import type { TaskView } from '../../api/slips/routes.ts'
import { ROLES } from '../../api/vocabulary.ts'
import { get, remove } from './api.ts'
import { CommandBox } from './command-box.tsx'
import { GROUPS, type Page } from './menu.tsx'
import { Bell } from './notices/bell.tsx'
import { useSession } from './session.tsx'

/** Everything around a page: the menu (a rail at a desk, a drawer on a phone) and who is signed in. */
export function Shell({ pages, children }: { pages: Page[]; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the drawer and starts at its top
  useEffect(() => {
    setOpen(false)
    window.scrollTo(0, 0)
  }, [pathname])
  return (
    <div className="shell">
      <aside className="rail">
        <Brand />
        <Menu pages={pages} />
      </aside>
      <header className="top">
        <Button
          className="menu-button"
          type="text"
          icon={<MenuOutlined />}
          aria-label="打开菜单"
          onClick={() => setOpen(true)}
        />
        <span className="top-title">
          {pages.find(({ path }) => pathname.startsWith(path))?.name ?? '常州应急舆情'}
        </span>
        <span className="grow" />
        <CommandBox pages={pages} />
        <Bell />
        <Me />
      </header>
      <main className="main">
        <Suspense fallback={<Skeleton active paragraph={{ rows: 8 }} />}>{children}</Suspense>
      </main>
      <Drawer open={open} placement="left" size={264} closable={false} onClose={() => setOpen(false)}>
        <div className="rail in-drawer">
          <Brand />
          <Menu pages={pages} />
        </div>
      </Drawer>
    </div>
  )
}

function Brand() {
  return (
    <div className="brand">
      <span className="brand-mark" aria-hidden>
        应
      </span>
      <span>
        <b>常州应急舆情</b>
        <small>常州市应急管理局</small>
      </span>
    </div>
  )
}

function Menu({ pages }: { pages: Page[] }) {
  const counts = useCounts(pages)
  return (
    <nav aria-label="主菜单">
      {(Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map(group => {
        const inGroup = pages.filter(page => page.group === group)
        if (!inGroup.length) return null
        return (
          <section key={group}>
            <h2>{GROUPS[group]}</h2>
            {inGroup.map(({ path, name, icon: Icon }) => (
              <NavLink key={path} to={path}>
                <Icon aria-hidden />
                <span>{name}</span>
                {counts[path] ? <span className="count">{counts[path]}</span> : null}
              </NavLink>
            ))}
          </section>
        )
      })}
    </nav>
  )
}

/** How much waits, beside the page where it waits. */
function useCounts(pages: Page[]): Record<string, number> {
  const may = (path: string) => pages.some(page => page.path === path)
  const tasks = useQuery({
    queryKey: ['tasks'],
    queryFn: () => get<TaskView[]>('/api/tasks'),
    enabled: may('/tasks'),
    refetchInterval: 20_000,
  }).data
  const triage = useQuery({
    queryKey: ['triage', 'count'],
    queryFn: () => get<TriageAnswer>('/api/triage?limit=1'),
    enabled: may('/triage'),
    refetchInterval: 20_000,
  }).data
  return { '/tasks': tasks?.length ?? 0, '/triage': triage?.open ?? 0 }
}

function Me() {
  const { person, deputyFor } = useSession()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const leave = async () => {
    await remove('/api/session').catch(() => {})
    queries.clear()
    window.location.assign('/')
  }
  const roles = person.roles.map(role => ROLES[role]).join('、')
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'who', type: 'group', label: `${person.unit?.name ?? ''} ${roles}` },
          ...deputyFor.map(({ id, name }) => ({
            key: `for${id}`,
            type: 'group' as const,
            label: `今日代理 ${name}`,
          })),
          { type: 'divider' },
          { key: 'password', label: '修改密码', onClick: () => void navigate('/password') },
          { key: 'leave', label: '退出登录', onClick: () => void leave() },
        ],
      }}
    >
      <Button type="text" className="me">
        {person.name}
        <DownOutlined />
      </Button>
    </Dropdown>
  )
}
