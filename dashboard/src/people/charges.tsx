import { Button, Table } from 'antd'
import type { ChargeView, DeputyView, PersonView, UnitView } from '../../../api/people/routes.ts'
import { patch, post } from '../api.ts'
import { shanghaiDay } from '../format.ts'
import { has, useSession } from '../session.tsx'
import { Editable, useList } from './lists.tsx'

const today = () => shanghaiDay(Date.now())
const plain = { pagination: false, rowKey: 'id', scroll: { x: 640 } } as const
const named = (list: { id: number; name: string }[]) =>
  list.map(({ id, name }) => ({ value: id, label: name }))

/** 分管分工表: a unit or a matter to a leader, from a day to a day. */
export function Charges() {
  const may = has(useSession(), 'admin', 'office_head')
  const charges = useList<ChargeView>('/api/charges')
  const people = useList<PersonView>('/api/people') ?? []
  const units = useList<UnitView>('/api/units') ?? []
  const leaders = people.filter(
    ({ active, roles }) => active && roles.some(role => role === 'leader' || role === 'chief'),
  )
  return (
    <Editable
      {...(may && {
        add: {
          label: '登记分工',
          open: () => ({
            title: '登记领导分工',
            fields: [
              { name: 'leaderId', label: '领导', kind: 'select', required: true, options: named(leaders) },
              { name: 'unitId', label: '分管处室（单位）', kind: 'select', options: named(units) },
              {
                name: 'matter',
                label: '或分管事项',
                kind: 'line',
                help: '处室和事项填一项，如：网络舆情、财务',
              },
              { name: 'validFrom', label: '起', kind: 'day', required: true, initial: today() },
              { name: 'validTo', label: '止（不填为长期）', kind: 'day' },
            ],
            send: values => post('/api/charges', { unitId: null, matter: null, ...values }),
          }),
        },
      })}
      hint="调整分管时，先结束原有分工，再登记新的"
    >
      {edit => (
        <Table
          {...plain}
          loading={!charges}
          dataSource={charges ?? []}
          columns={[
            { title: '领导', width: 110, render: (_, charge) => charge.leader.name },
            { title: '分管', render: (_, charge) => charge.unit?.name ?? charge.matter },
            { title: '起', dataIndex: 'validFrom', width: 130 },
            { title: '止', width: 130, render: (_, charge) => charge.validTo ?? '至今' },
            {
              title: '',
              width: 76,
              render: (_, charge) =>
                may &&
                charge.validTo === null && (
                  <Button
                    size="small"
                    onClick={() =>
                      edit({
                        title: `结束${charge.leader.name}分管${charge.unit?.name ?? charge.matter}`,
                        fields: [
                          { name: 'validTo', label: '止日', kind: 'day', required: true, initial: today() },
                        ],
                        send: values => patch(`/api/charges/${charge.id}`, values),
                      })
                    }
                  >
                    结束
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Editable>
  )
}

/** Rights lent for dated periods; signatures print 代. */
export function Deputies() {
  const may = has(useSession(), 'admin', 'office_head')
  const deputies = useList<DeputyView>('/api/deputies')
  const people = (useList<PersonView>('/api/people') ?? []).filter(({ active }) => active)
  return (
    <Editable
      {...(may && {
        add: {
          label: '登记代理',
          open: () => ({
            title: '登记代理',
            fields: [
              { name: 'principalId', label: '本人', kind: 'select', required: true, options: named(people) },
              { name: 'deputyId', label: '代理人', kind: 'select', required: true, options: named(people) },
              { name: 'validFrom', label: '起', kind: 'day', required: true, initial: today() },
              { name: 'validTo', label: '止', kind: 'day', required: true },
              { name: 'reason', label: '事由', kind: 'line', required: true, initial: '出差' },
            ],
            send: values => post('/api/deputies', values),
          }),
        },
      })}
    >
      {edit => (
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
            {
              title: '',
              width: 90,
              render: (_, deputy) =>
                deputy.revokedAt !== null ? (
                  <span className="muted">已撤销</span>
                ) : (
                  may && (
                    <Button
                      size="small"
                      onClick={() =>
                        edit({
                          title: `撤销${deputy.deputy.name}代理${deputy.principal.name}`,
                          fields: [],
                          verb: '撤销',
                          send: () => post(`/api/deputies/${deputy.id}/revoke`),
                        })
                      }
                    >
                      撤销
                    </Button>
                  )
                ),
            },
          ]}
        />
      )}
    </Editable>
  )
}
