import { Button, Table } from 'antd'
import type { UnitView } from '../../../api/people/routes.ts'
import { UNIT_KINDS } from '../../../api/vocabulary.ts'
import { patch, post } from '../api.ts'
import { shanghaiDay } from '../format.ts'
import { has, useSession } from '../session.tsx'
import { optionsOf } from '../ui/options.ts'
import { Editable, useList } from './lists.tsx'

/** 处室 and 直属单位; one that is closed keeps its slips and takes no new ones. */
export function Units() {
  const may = has(useSession(), 'admin', 'office_head')
  const units = useList<UnitView>('/api/units')
  return (
    <Editable
      {...(may && {
        add: {
          label: '新增单位',
          open: () => ({
            title: '新增单位',
            fields: [
              { name: 'name', label: '名称', kind: 'line', required: true, help: '应与网络实名账号一致' },
              {
                name: 'kind',
                label: '类别',
                kind: 'select',
                required: true,
                options: optionsOf(UNIT_KINDS).filter(({ value }) => value !== 'office'),
                initial: 'department',
              },
              {
                name: 'activeFrom',
                label: '设立',
                kind: 'day',
                required: true,
                initial: shanghaiDay(Date.now()),
              },
            ],
            send: values => post('/api/units', values),
          }),
        },
      })}
    >
      {edit => (
        <Table
          pagination={false}
          rowKey="id"
          scroll={{ x: 560 }}
          loading={!units}
          dataSource={units ?? []}
          columns={[
            { title: '单位', dataIndex: 'name' },
            { title: '类别', width: 110, render: (_, { kind }) => UNIT_KINDS[kind] },
            { title: '设立', dataIndex: 'activeFrom', width: 120 },
            { title: '撤销', width: 120, render: (_, { activeTo }) => activeTo ?? '—' },
            {
              title: '',
              width: 76,
              render: (_, unit) =>
                may && (
                  <Button
                    size="small"
                    aria-label={`修改${unit.name}`}
                    onClick={() =>
                      edit({
                        title: `修改「${unit.name}」`,
                        fields: [
                          { name: 'name', label: '名称', kind: 'line', required: true, initial: unit.name },
                          {
                            name: 'activeTo',
                            label: '撤销（不填为在用）',
                            kind: 'day',
                            initial: unit.activeTo,
                          },
                        ],
                        send: values => patch(`/api/units/${unit.id}`, { activeTo: null, ...values }),
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
