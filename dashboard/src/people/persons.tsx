import { Button, Table } from 'antd'
import type { PersonView, UnitView } from '../../../api/people/routes.ts'
import { ROLES } from '../../../api/vocabulary.ts'
import { patch, post } from '../api.ts'
import { has, useSession } from '../session.tsx'
import type { Field } from '../ui/field.tsx'
import { optionsOf } from '../ui/options.ts'
import { Editable, useList } from './lists.tsx'

const fieldsOf = (units: UnitView[], person?: PersonView): Field[] => [
  ...(person ? [] : [{ name: 'login', label: '用户名', kind: 'line', required: true } as const]),
  { name: 'name', label: '姓名', kind: 'line', required: true, initial: person?.name },
  {
    name: 'unitId',
    label: '单位',
    kind: 'select',
    options: units.map(({ id, name }) => ({ value: id, label: name })),
    required: true,
    initial: person?.unit?.id,
  },
  { name: 'roles', label: '岗位', kind: 'several', options: optionsOf(ROLES), initial: person?.roles ?? [] },
  { name: 'phone', label: '电话', kind: 'line', initial: person?.phone },
  {
    name: 'password',
    label: person ? '重设密码（不改不填）' : '初始密码',
    kind: 'line',
    required: !person,
    help: '至少八位，含字母、数字、符号中的三类；本人首次登录须更换',
  },
  ...(person ? [{ name: 'active', label: '在用', kind: 'check', initial: person.active } as const] : []),
]

export function Persons() {
  const admin = has(useSession(), 'admin')
  const people = useList<PersonView>('/api/people')
  const units = useList<UnitView>('/api/units') ?? []
  return (
    <Editable
      {...(admin
        ? {
            add: {
              label: '新增人员',
              open: () => ({
                title: '新增人员',
                fields: fieldsOf(units),
                send: values => post('/api/people', { roles: [], ...values }),
              }),
            },
          }
        : { hint: '人员和岗位由系统管理员维护' })}
    >
      {edit => (
        <Table
          pagination={false}
          rowKey="id"
          scroll={{ x: 640 }}
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
            ...(admin
              ? [
                  {
                    title: '',
                    width: 76,
                    render: (_: unknown, person: PersonView) => (
                      <Button
                        size="small"
                        aria-label={`修改${person.name}`}
                        onClick={() =>
                          edit({
                            title: `修改「${person.name}」`,
                            fields: fieldsOf(units, person),
                            send: values =>
                              patch(`/api/people/${person.id}`, { version: person.version, ...values }),
                          })
                        }
                      >
                        修改
                      </Button>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
    </Editable>
  )
}
