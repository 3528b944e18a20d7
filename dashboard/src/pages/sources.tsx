import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Table, Tag } from 'antd'
import type { SourceView } from '../../../api/sources/routes.ts'
import { get, post } from '../api.ts'
import { dateTime } from '../format.ts'

const HEALTH = { ok: '正常', waiting: '等待', limited: '受限', failing: '异常', off: '未启用' } as const
const COLOURS = { ok: 'green', waiting: 'blue', limited: 'orange', failing: 'red', off: 'default' } as const

export function Sources() {
  const { message } = App.useApp()
  const queries = useQueryClient()
  const { data, isPending } = useQuery({
    queryKey: ['sources'],
    queryFn: () => get<SourceView[]>('/api/sources'),
    refetchInterval: 10_000,
  })
  const visit = async (id: string) => {
    try {
      await post(`/api/sources/${id}/visit`)
      void message.success('已安排，稍后自动读取')
      await queries.invalidateQueries({ queryKey: ['sources'] })
    } catch (problem) {
      void message.error((problem as Error).message)
    }
  }
  const none = data && !data.some(({ health }) => health === 'ok' || health === 'waiting')
  return (
    <>
      {none && (
        <Alert
          type="warning"
          showIcon
          style={{ marginBottom: 12 }}
          title="目前没有能自动读取的信源"
          description="可在处理单中人工录入链接、文字和截图；要看完整效果，请在服务器上运行 npm run demo。"
        />
      )}
      <Table
        rowKey="id"
        loading={isPending}
        dataSource={data ?? []}
        pagination={false}
        scroll={{ x: 900 }}
        columns={[
          {
            title: '信源',
            width: 170,
            render: (_, source) => (
              <a href={source.url} target="_blank" rel="noreferrer noopener">
                {source.name}
              </a>
            ),
          },
          {
            title: '情况',
            width: 90,
            render: (_, { health }) => <Tag color={COLOURS[health]}>{HEALTH[health]}</Tag>,
          },
          { title: '说明', render: (_, { healthText }) => healthText },
          {
            title: '版块',
            width: 160,
            render: (_, { boards }) => boards.map(({ name }) => name).join('、') || '—',
          },
          { title: '帖子', width: 80, dataIndex: 'posts' },
          {
            title: '今日访问',
            width: 110,
            render: (_, source) => `${source.requestsToday} / ${source.dailyCeiling}`,
          },
          { title: '最近读成', width: 150, render: (_, source) => dateTime(source.lastSuccessAt) },
          { title: '下次', width: 150, render: (_, source) => dateTime(source.nextVisitAt) },
          {
            title: '',
            width: 90,
            render: (_, source) =>
              source.enabled && (
                <Button size="small" onClick={() => visit(source.id)}>
                  马上读
                </Button>
              ),
          },
        ]}
      />
    </>
  )
}
