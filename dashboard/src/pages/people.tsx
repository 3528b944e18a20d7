import { useQuery } from '@tanstack/react-query'
import { Table } from 'antd'
import type { AccountView } from '../../../api/accounts/routes.ts'
import type { ChargeView, DeputyView, PersonView } from '../../../api/people/routes.ts'
import { ROLES } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'

const useList = <T,>(path: string) => useQuery({ queryKey: [path], queryFn: () => get<T[]>(path) }).data ?? []

/** Who is who, who is in charge of what, under which accounts the bureau replies. Reading; changes go through the API so far. */
export function People() {
  const people = useList<PersonView>('/api/people')
  const charges = useList<ChargeView>('/api/charges')
  const deputies = useList<DeputyView>('/api/deputies')
  const accounts = useList<AccountView>('/api/accounts')
  const plain = { pagination: false, size: 'small', rowKey: 'id', scroll: { x: 600 } } as const
  return (
    <>
      <div className="panel">
        <h2>人员</h2>
        <Table
          {...plain}
          dataSource={people}
          columns={[
            { title: '姓名', dataIndex: 'name' },
            { title: '用户名', dataIndex: 'login' },
            { title: '单位', render: (_, person) => person.unit?.name ?? '—' },
            { title: '岗位', render: (_, { roles }) => roles.map(role => ROLES[role]).join('、') },
            { title: '状态', render: (_, { active }) => (active ? '在用' : '已停用') },
          ]}
        />
      </div>
      <div className="panel">
        <h2>领导分工</h2>
        <Table
          {...plain}
          dataSource={charges}
          columns={[
            { title: '领导', render: (_, charge) => charge.leader.name },
            { title: '分管', render: (_, charge) => charge.unit?.name ?? charge.matter },
            { title: '起', dataIndex: 'validFrom' },
            { title: '止', render: (_, charge) => charge.validTo ?? '至今' },
          ]}
        />
      </div>
      <div className="panel">
        <h2>代理</h2>
        <Table
          {...plain}
          dataSource={deputies}
          columns={[
            { title: '本人', render: (_, deputy) => deputy.principal.name },
            { title: '代理人', render: (_, deputy) => deputy.deputy.name },
            { title: '起止', render: (_, deputy) => `${deputy.validFrom} 至 ${deputy.validTo}` },
            { title: '事由', dataIndex: 'reason' },
          ]}
        />
      </div>
      <div className="panel">
        <h2>实名账号登记</h2>
        <Table
          {...plain}
          dataSource={accounts}
          columns={[
            { title: '平台', dataIndex: 'platform' },
            { title: '账号', dataIndex: 'name' },
            { title: '单位', render: (_, account) => account.unit.name },
            { title: '认证', render: (_, { certified }) => (certified ? '已认证' : '未认证') },
            { title: '保管人', dataIndex: 'custodian' },
          ]}
        />
      </div>
    </>
  )
}
