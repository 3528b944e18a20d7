import { Alert, Button } from 'antd'
import type { PersonView, UnitOfficers } from '../../../api/people/routes.ts'
import { patch, post } from '../api.ts'
import { shanghaiDay } from '../format.ts'
import { has, useSession } from '../session.tsx'
import type { Field } from '../ui/field.tsx'
import { Editable, type Editing, useList } from './lists.tsx'

const newFields = (unit: UnitOfficers['unit'], people: PersonView[]): Field[] => [
  {
    name: 'personId',
    label: '人员',
    kind: 'select',
    required: true,
    options: people
      .filter(person => person.active && person.unit?.id === unit.id)
      .map(({ id, name }) => ({ value: id, label: name })),
    help: '须是本处室在职、有「舆情专员」岗位的人员',
  },
  { name: 'isDeputy', label: '代理专员', kind: 'check', initial: false },
  { name: 'validFrom', label: '起', kind: 'day', required: true, initial: shanghaiDay(Date.now()) },
  { name: 'validTo', label: '止（不填为长期）', kind: 'day' },
]

/** S-3: every unit with its 专员 and deputy; whoever is missing stands on top. */
export function Officers() {
  const may = has(useSession(), 'admin', 'office_head')
  const units = useList<UnitOfficers>('/api/officers')
  const people = useList<PersonView>('/api/people') ?? []
  const vacant = units?.filter(unit => unit.vacant) ?? []
  const alone = units?.filter(unit => !unit.vacant && unit.noDeputy) ?? []
  const named = (list: UnitOfficers[]) => list.map(({ unit }) => unit.name).join('、')
  const appoint = (unit: UnitOfficers['unit']): Editing => ({
    title: `指定${unit.name}的专员`,
    fields: newFields(unit, people),
    send: values => post('/api/officers', { unitId: unit.id, isDeputy: false, ...values }),
  })
  const end = (unit: UnitOfficers['unit'], id: number, name: string): Editing => ({
    title: `结束${name}在${unit.name}的任期`,
    fields: [
      { name: 'validTo', label: '止日', kind: 'day', required: true, initial: shanghaiDay(Date.now()) },
    ],
    send: values => patch(`/api/officers/${id}`, values),
  })
  return (
    <Editable>
      {edit => (
        <>
          <div className="vacancies gap-below">
            {vacant.length > 0 && (
              <Alert
                type="error"
                showIcon
                title={`${vacant.length} 个单位没有在岗专员：${named(vacant)}`}
                description="补齐之前，转来的处理单由处室负责人办理。"
              />
            )}
            {alone.length > 0 && (
              <Alert type="warning" showIcon title={`${alone.length} 个单位没有代理专员：${named(alone)}`} />
            )}
          </div>
          {units?.map(({ unit, vacant: empty, officers }) => (
            <section key={unit.id} className="entry" aria-label={unit.name}>
              <div className="panel-head">
                <b>{unit.name}</b>
                {empty && <span className="pill red">缺专员</span>}
                <span className="grow" />
                {may && (
                  <Button
                    size="small"
                    aria-label={`指定${unit.name}的专员`}
                    onClick={() => edit(appoint(unit))}
                  >
                    指定
                  </Button>
                )}
              </div>
              {officers.map(({ id, person, isDeputy, validFrom, validTo, inOffice }) => (
                <div key={`${id} ${person.id}`} className="post-meta">
                  <span>{person.name}</span>
                  <span>{isDeputy ? '代理专员' : '专员'}</span>
                  <span className="number">
                    {validFrom ? `${validFrom} 至 ${validTo ?? '今'}` : '按岗位，未定任期'}
                  </span>
                  <span className={`pill ${inOffice ? 'green' : ''}`}>{inOffice ? '在岗' : '不在岗'}</span>
                  {may && id !== null && validTo === null && (
                    <Button size="small" type="link" onClick={() => edit(end(unit, id, person.name))}>
                      结束任期
                    </Button>
                  )}
                </div>
              ))}
            </section>
          ))}
        </>
      )}
    </Editable>
  )
}
