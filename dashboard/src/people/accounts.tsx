import { useQuery } from '@tanstack/react-query'
import { Button, Table } from 'antd'
import type { AccountView } from '../../../api/accounts/routes.ts'
import type { UnitView } from '../../../api/people/routes.ts'
import type { SourceView } from '../../../api/sources/routes.ts'
import { get, patch, post } from '../api.ts'
import { shanghaiDay } from '../format.ts'
import { has, useSession } from '../session.tsx'
import type { Field } from '../ui/field.tsx'
import { Editable, useList } from './lists.tsx'

function fieldsOf(
  units: UnitView[],
  platforms: { value: string; label: string }[],
  known?: AccountView,
): Field[] {
  return [
    {
      name: 'platform',
      label: '平台',
      kind: 'select',
      required: true,
      options: platforms,
      initial: known?.platform,
    },
    { name: 'name', label: '账号名称', kind: 'line', required: true, initial: known?.name },
    {
      name: 'unitId',
      label: '单位',
      kind: 'select',
      required: true,
      options: units.map(({ id, name }) => ({ value: id, label: name })),
      initial: known?.unit.id,
      help: '账号名称应与单位名称一致',
    },
    { name: 'platformUid', label: '平台上的编号（UID）', kind: 'line', initial: known?.platformUid },
    { name: 'realName', label: '单位实名账号', kind: 'check', initial: known?.realName ?? true },
    { name: 'certified', label: '已经平台认证', kind: 'check', initial: known?.certified ?? false },
    { name: 'custodian', label: '保管人', kind: 'line', required: true, initial: known?.custodian },
    { name: 'contact', label: '联系方式', kind: 'line', initial: known?.contact },
    {
      name: 'activeFrom',
      label: '启用',
      kind: 'day',
      required: true,
      initial: known?.activeFrom ?? shanghaiDay(Date.now()),
    },
    { name: 'activeTo', label: '停用（不填为在用）', kind: 'day', initial: known?.activeTo },
  ]
}
const EMPTY = { platformUid: null, contact: null, activeTo: null, realName: false, certified: false }

/** S-26: the accounts under which the bureau may reply; any other is refused. */
export function Accounts() {
  const may = has(useSession(), 'office', 'office_head')
  const accounts = useList<AccountView>('/api/accounts')
  const units = useList<UnitView>('/api/units') ?? []
  const sources = useQuery({ queryKey: ['sources'], queryFn: () => get<SourceView[]>('/api/sources') }).data
  const platforms = [
    ...(sources ?? []).map(({ id, name }) => ({ value: id, label: name })),
    { value: '微博', label: '微博' },
    { value: '公众号', label: '公众号' },
  ]
  const nameOf = (platform: string) => platforms.find(({ value }) => value === platform)?.label ?? platform
  return (
    <Editable
      {...(may && {
        add: {
          label: '登记账号',
          open: () => ({
            title: '登记实名账号',
            fields: fieldsOf(units, platforms),
            send: values => post('/api/accounts', { ...EMPTY, ...values }),
          }),
        },
      })}
      hint="回复只能用这里登记的、在用的单位实名账号"
    >
      {edit => (
        <Table
          pagination={false}
          rowKey="id"
          scroll={{ x: 760 }}
          loading={!accounts}
          dataSource={accounts ?? []}
          columns={[
            { title: '平台', render: (_, account) => nameOf(account.platform) },
            { title: '账号', dataIndex: 'name' },
            { title: '单位', render: (_, account) => account.unit.name },
            {
              title: '实名、认证',
              render: (_, { realName, certified }) => (
                <>
                  <span className={`pill ${realName ? 'green' : 'red'}`}>{realName ? '实名' : '非实名'}</span>{' '}
                  <span className={`pill ${certified ? 'green' : 'amber'}`}>
                    {certified ? '已认证' : '未认证'}
                  </span>
                </>
              ),
            },
            { title: '保管人', dataIndex: 'custodian' },
            { title: '启用', dataIndex: 'activeFrom', width: 120 },
            { title: '停用', width: 120, render: (_, { activeTo }) => activeTo ?? '在用' },
            {
              title: '',
              width: 76,
              render: (_, account) =>
                may && (
                  <Button
                    size="small"
                    aria-label={`修改${account.name}`}
                    onClick={() =>
                      edit({
                        title: `修改「${account.name}」`,
                        fields: fieldsOf(units, platforms, account),
                        send: values =>
                          patch(`/api/accounts/${account.id}`, {
                            version: account.version,
                            ...EMPTY,
                            ...values,
                          }),
                      })
                    }
                  >
                    修改
                  </Button>
                ),
            },
          ]}
        />
      )}
    </Editable>
  )
}
