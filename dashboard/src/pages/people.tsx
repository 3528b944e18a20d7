import { useQuery } from '@tanstack/react-query'
import { Table, Tabs } from 'antd'
import type { AccountView } from '../../../api/accounts/routes.ts'
import type { ChargeView, DeputyView, PersonView } from '../../../api/people/routes.ts'
import { ROLES } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'
import { PageHead } from '../ui/head.tsx'

const useList = <T,>(path: string) => useQuery({ queryKey: [path], queryFn: () => get<T[]>(path) }).data

/** Who is who, who is in charge of what, under which accounts the bureau replies. */
export function People() {
  const people = useList<PersonView>('/api/people')
  const charges = useList<ChargeView>('/api/charges')
  const deputies = useList<DeputyView>('/api/deputies')
  const accounts = useList<AccountView>('/api/accounts')
  const plain = { pagination: false, rowKey: 'id', scroll: { x: 640 } } as const
  const tab = (key: string, label: string, children: React.ReactNode) => ({ key, label, children })
  return (
    <>
      <PageHead title="人员与分工" />
      <div className="panel">
        <Tabs
          items={[
            tab(
              'people',
              '人员',
              <Table
                {...plain}
                loading={!people}
                dataSource={people ?? []}
                columns={[
                  { title: '姓名', dataIndex: 'name', width: 110 },
                  { title: '用户名', dataIndex: 'login', width: 130 },
                  { title: '单位', render: (_, person) => person.unit?.name ?? '—' },
                  { title: '岗位', render: (_, { roles }) => roles.map(role => ROLES[role]).join('、') },
                  {
                    title: '状态',
                    width: 90,
                    render: (_, { active }) => (
                      <span className={`pill ${active ? 'green' : ''}`}>{active ? '在用' : '已停用'}</span>
                    ),
                  },
                ]}
              />,
            ),
            tab(
              'charges',
              '领导分工',
              <Table
                {...plain}
                loading={!charges}
                dataSource={charges ?? []}
                columns={[
                  { title: '领导', width: 110, render: (_, charge) => charge.leader.name },
                  { title: '分管', render: (_, charge) => charge.unit?.name ?? charge.matter },
                  { title: '起', dataIndex: 'validFrom', width: 130 },
                  { title: '止', width: 130, render: (_, charge) => charge.validTo ?? '至今' },
                ]}
              />,
            ),
            tab(
              'deputies',
              '代理',
              <Table
                {...plain}
                loading={!deputies}
                dataSource={deputies ?? []}
                locale={{ emptyText: '没有登记代理。' }}
                columns={[
                  { title: '本人', render: (_, deputy) => deputy.principal.name },
                  { title: '代理人', render: (_, deputy) => deputy.deputy.name },
                  { title: '起止', render: (_, deputy) => `${deputy.validFrom} 至 ${deputy.validTo}` },
                  { title: '事由', dataIndex: 'reason' },
                ]}
              />,
            ),
            tab(
              'accounts',
              '实名账号',
              <Table
                {...plain}
                loading={!accounts}
                dataSource={accounts ?? []}
                columns={[
                  { title: '平台', dataIndex: 'platform' },
                  { title: '账号', dataIndex: 'name' },
                  { title: '单位', render: (_, account) => account.unit.name },
                  {
                    title: '认证',
                    render: (_, { certified }) => (
                      <span className={`pill ${certified ? 'green' : 'amber'}`}>
                        {certified ? '已认证' : '未认证'}
                      </span>
                    ),
                  },
                  { title: '保管人', dataIndex: 'custodian' },
                ]}
              />,
            ),
          ]}
        />
      </div>
    </>
  )
}
