import { useQuery } from '@tanstack/react-query'
import { Button, Empty, Skeleton } from 'antd'
import { Link } from 'react-router'
import type { TaskView } from '../../../api/slips/routes.ts'
import { get } from '../api.ts'
import { ago, deadline } from '../format.ts'
import { Overview } from '../home/overview.tsx'
import { has, useSession } from '../session.tsx'
import { isBatchable } from '../slip/batchable.ts'
import { dueTone, dueWords } from '../ui/due.tsx'
import { PageHead } from '../ui/head.tsx'
import { LevelPill } from '../ui/pills.tsx'

/** What this person is asked for now, the most urgent first; a leader sees below what runs in his charge. */
export function Tasks() {
  const { data } = useQuery({
    queryKey: ['tasks'],
    queryFn: () => get<TaskView[]>('/api/tasks'),
    refetchInterval: 10_000,
  })
  const oversees = has(useSession(), 'leader', 'chief', 'discipline')
  const batch = data?.filter(isBatchable).length ?? 0
  return (
    <>
      <PageHead title="待我办理" hint={data?.length ? `${data.length} 件，按时限先后排列` : undefined}>
        {batch > 1 && (
          <Link to="/batch">
            <Button>批量审核 {batch} 件一般性</Button>
          </Link>
        )}
      </PageHead>
      <div className="panel flush">
        {!data && <Skeleton active className="pad" />}
        {data?.length === 0 &&
          (oversees ? (
            <p className="muted pad">没有等您办理的事项。</p>
          ) : (
            <Empty className="pad" description="没有等您办理的事项。" />
          ))}
        {data?.map(task => (
          <TaskRow key={`${task.slipId} ${task.action}`} task={task} now={Date.now()} />
        ))}
      </div>
      {oversees && <Overview />}
    </>
  )
}

function TaskRow({ task, now }: { task: TaskView; now: number }) {
  return (
    <Link to={`/slips/${task.slipId}`} className="task-row">
      <span className="what">{task.what}</span>
      <span>
        <b>{task.title}</b>
        <span className="post-meta">
          <LevelPill level={task.level} />
          <span>{task.number ?? '草稿'}</span>
          {task.unit && <span>{task.unit}</span>}
          <span>{ago(task.since, now)}到您这里</span>
        </span>
      </span>
      <span className={`number pill ${dueTone(task, now)}`}>
        {task.dueAt === null ? '未计时' : dueWords(task.dueAt, now) || deadline(task.dueAt)}
        {task.provisional && '（暂定）'}
      </span>
    </Link>
  )
}
