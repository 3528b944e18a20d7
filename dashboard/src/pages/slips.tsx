import { useQuery } from '@tanstack/react-query'
import { Empty, Input, Table, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { SlipListItem } from '../../../api/slips/routes.ts'
import { LEVELS, SLIP_STATES } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'
import { dateTime, deadline } from '../format.ts'

export function Slips() {
  const [text, setText] = useState('')
  const { data, isPending } = useQuery({
    queryKey: ['slips', text],
    queryFn: () => get<{ items: SlipListItem[] }>(`/api/slips?text=${encodeURIComponent(text)}`),
  })
  return (
    <>
      <div className="actions">
        <Input.Search
          aria-label="查找处理单"
          placeholder="标题、编号、概要"
          style={{ maxWidth: 360 }}
          onSearch={setText}
        />
      </div>
      <Table
        rowKey="id"
        loading={isPending}
        dataSource={data?.items ?? []}
        pagination={false}
        scroll={{ x: 900 }}
        locale={{ emptyText: <Empty description="还没有处理单。在工作台选中线索按 s 即可填报。" /> }}
        columns={[
          { title: '编号', dataIndex: 'number', width: 150, render: number => number ?? '草稿' },
          { title: '标题', render: (_, slip) => <Link to={`/slips/${slip.id}`}>{slip.title}</Link> },
          { title: '等级', width: 110, render: (_, { level }) => (level ? LEVELS[level] : '待定') },
          { title: '状态', width: 90, render: (_, { status }) => <Tag>{SLIP_STATES[status]}</Tag> },
          { title: '等谁', width: 160, dataIndex: 'waitingFor' },
          { title: '主办', width: 180, render: (_, slip) => slip.leadUnit?.name ?? slip.unit.name },
          { title: '发现', width: 150, render: (_, { foundAt }) => dateTime(foundAt) },
          {
            title: '时限',
            width: 160,
            render: (_, slip) => (
              <span className={slip.onTime === false ? 'late' : ''}>{deadline(slip.dueAt)}</span>
            ),
          },
        ]}
      />
    </>
  )
}
