import { useQuery } from '@tanstack/react-query'
import { Empty, Table } from 'antd'
import { Link } from 'react-router'
import type { DeadlineRow } from '../../../api/deadlines/routes.ts'
import { LEVELS, SLIP_STATES } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'
import { dateTime, deadline } from '../format.ts'

const URGENCY = {
  overdue: '已超期',
  today: '今天到期',
  tomorrow: '明天到期',
  later: '未到期',
  none: '按上级要求',
} as const
const tone = (urgency: DeadlineRow['urgency']) =>
  urgency === 'overdue' ? 'late' : urgency === 'today' ? 'soon' : ''

export function Deadlines() {
  const { data, isPending } = useQuery({
    queryKey: ['deadlines'],
    queryFn: () => get<DeadlineRow[]>('/api/deadlines'),
    refetchInterval: 30_000,
  })
  return (
    <Table
      rowKey="slipId"
      loading={isPending}
      dataSource={data ?? []}
      pagination={false}
      scroll={{ x: 900 }}
      locale={{ emptyText: <Empty description="没有在计时的处理单。" /> }}
      columns={[
        {
          title: '情况',
          width: 110,
          render: (_, row) => <span className={tone(row.urgency)}>{URGENCY[row.urgency]}</span>,
        },
        {
          title: '时限',
          width: 160,
          render: (_, row) => `${deadline(row.dueAt)}${row.provisional ? '（暂定）' : ''}`,
        },
        { title: '编号', width: 150, dataIndex: 'number' },
        { title: '标题', render: (_, row) => <Link to={`/slips/${row.slipId}`}>{row.title}</Link> },
        { title: '等级', width: 120, render: (_, { level }) => (level ? LEVELS[level] : '待定') },
        { title: '状态', width: 90, render: (_, { status }) => SLIP_STATES[status] },
        { title: '等谁', width: 150, dataIndex: 'waitingFor' },
        { title: '主办', width: 190, dataIndex: 'unit' },
        { title: '发现', width: 150, render: (_, row) => dateTime(row.foundAt) },
      ]}
    />
  )
}
