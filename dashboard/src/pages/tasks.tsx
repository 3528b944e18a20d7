import { useQuery } from '@tanstack/react-query'
import { Empty, Tag } from 'antd'
import { Link } from 'react-router'
import type { TaskView } from '../../../api/slips/routes.ts'
import { LEVELS } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'
import { deadline } from '../format.ts'

export function Tasks() {
  const { data } = useQuery({
    queryKey: ['tasks'],
    queryFn: () => get<TaskView[]>('/api/tasks'),
    refetchInterval: 10_000,
  })
  return (
    <div className="panel">
      <h2>待我办理</h2>
      {data && !data.length && <Empty description="没有等您办理的事项。" />}
      {data?.map(task => (
        <Link
          key={`${task.slipId}${task.what}`}
          to={`/slips/${task.slipId}`}
          className="row"
          style={{ textDecoration: 'none' }}
        >
          <div className="title">
            <Tag color="blue">{task.what}</Tag>
            {task.title}
          </div>
          <div className="muted">
            {task.number ?? '草稿'} · {task.level ? LEVELS[task.level] : '等级待定'} · {task.unit ?? '—'} ·
            时限 {deadline(task.dueAt)}
            {task.provisional ? '（暂定）' : ''}
          </div>
        </Link>
      ))}
    </div>
  )
}
