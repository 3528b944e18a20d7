import {
  AuditOutlined,
  BarChartOutlined,
  BellOutlined,
  CalendarOutlined,
  ClusterOutlined,
  EyeOutlined,
  FieldTimeOutlined,
  FileTextOutlined,
  FilterOutlined,
  FormOutlined,
  GlobalOutlined,
  InboxOutlined,
  LineChartOutlined,
  SearchOutlined,
  SnippetsOutlined,
  TeamOutlined,
} from '@ant-design/icons'
import { type ComponentType, lazy } from 'react'
import type { SessionView } from '../../api/people/routes.ts'
import { CASE_ROLES, DESK, READERS, type Role, STAFF } from '../../api/vocabulary.ts'
import { has } from './session.tsx'

/** Groups of the menu, in its order. */
export const GROUPS = { work: '办理', watch: '监测', insight: '研判', manage: '管理' } as const

/** A page of the menu: adding one is one line here. `roles` left out = everyone who is signed in. */
export interface Page {
  path: string
  name: string
  group: keyof typeof GROUPS
  icon: ComponentType<{ 'aria-hidden'?: boolean }>
  roles?: readonly Role[]
  view: ReturnType<typeof page>
}

/** Loads a page's code when it is first opened, or ahead of that. */
export const page = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  Object.assign(
    lazy(async () => ({ default: (await load())[name] })),
    { preload: load },
  )

export const PAGES: readonly Page[] = [
  {
    path: '/tasks',
    name: '待我办理',
    group: 'work',
    icon: AuditOutlined,
    roles: CASE_ROLES,
    view: page(() => import('./pages/tasks.tsx'), 'Tasks'),
  },
  {
    path: '/triage',
    name: '工作台',
    group: 'work',
    icon: InboxOutlined,
    roles: DESK,
    view: page(() => import('./pages/triage.tsx'), 'Triage'),
  },
  {
    path: '/slips',
    name: '处理单',
    group: 'work',
    icon: FileTextOutlined,
    roles: CASE_ROLES,
    view: page(() => import('./pages/slips.tsx'), 'Slips'),
  },
  {
    path: '/deadlines',
    name: '期限看板',
    group: 'work',
    icon: FieldTimeOutlined,
    roles: CASE_ROLES,
    view: page(() => import('./pages/deadlines.tsx'), 'Deadlines'),
  },
  {
    path: '/notices',
    name: '通知',
    group: 'work',
    icon: BellOutlined,
    view: page(() => import('./pages/notices.tsx'), 'Notices'),
  },
  {
    path: '/posts',
    name: '检索',
    group: 'watch',
    icon: SearchOutlined,
    roles: READERS,
    view: page(() => import('./pages/search.tsx'), 'Search'),
  },
  {
    path: '/patrol',
    name: '每日巡查',
    group: 'watch',
    icon: EyeOutlined,
    roles: CASE_ROLES,
    view: page(() => import('./pages/patrol.tsx'), 'Patrol'),
  },
  {
    path: '/sources',
    name: '信源',
    group: 'watch',
    icon: GlobalOutlined,
    view: page(() => import('./pages/sources.tsx'), 'Sources'),
  },
  {
    path: '/intake',
    name: '人工录入',
    group: 'watch',
    icon: FormOutlined,
    roles: DESK,
    view: page(() => import('./pages/intake.tsx'), 'Intake'),
  },
  {
    path: '/rules',
    name: '识别规则',
    group: 'watch',
    icon: FilterOutlined,
    roles: STAFF,
    view: page(() => import('./pages/rules.tsx'), 'Rules'),
  },
  {
    path: '/events',
    name: '事件',
    group: 'insight',
    icon: ClusterOutlined,
    roles: READERS,
    view: page(() => import('./pages/events.tsx'), 'Events'),
  },
  {
    path: '/trends',
    name: '趋势',
    group: 'insight',
    icon: LineChartOutlined,
    roles: READERS,
    view: page(() => import('./pages/trends.tsx'), 'Trends'),
  },
  {
    path: '/statistics',
    name: '统计',
    group: 'insight',
    icon: BarChartOutlined,
    roles: ['duty', 'head', 'leader', 'chief', 'discipline', 'office', 'office_head'],
    view: page(() => import('./pages/statistics.tsx'), 'Statistics'),
  },
  {
    path: '/reply-templates',
    name: '回复模板',
    group: 'manage',
    icon: SnippetsOutlined,
    roles: CASE_ROLES,
    view: page(() => import('./pages/templates.tsx'), 'Templates'),
  },
  {
    path: '/calendar',
    name: '放假日历',
    group: 'manage',
    icon: CalendarOutlined,
    view: page(() => import('./pages/calendar.tsx'), 'Calendar'),
  },
  {
    path: '/people',
    name: '人员与分工',
    group: 'manage',
    icon: TeamOutlined,
    roles: ['admin', 'office', 'office_head'],
    view: page(() => import('./pages/people.tsx'), 'People'),
  },
]

export const pagesOf = (session: SessionView): Page[] =>
  PAGES.filter(({ roles }) => !roles || has(session, ...roles))

/** Starts loading the page of an address while the server is still asked who this is. */
export const preloadPage = (pathname: string): void =>
  void PAGES.find(({ path }) => pathname === path)?.view.preload()
