import { Tabs } from 'antd'
import { useSearchParams } from 'react-router'
import { Accounts } from '../people/accounts.tsx'
import { Charges, Deputies } from '../people/charges.tsx'
import { Officers } from '../people/officers.tsx'
import { Persons } from '../people/persons.tsx'
import { Units } from '../people/units.tsx'
import { PageHead } from '../ui/head.tsx'

const TABS = [
  { key: 'people', label: '人员', children: <Persons /> },
  { key: 'officers', label: '舆情专员', children: <Officers /> },
  { key: 'charges', label: '领导分工', children: <Charges /> },
  { key: 'deputies', label: '代理', children: <Deputies /> },
  { key: 'accounts', label: '实名账号', children: <Accounts /> },
  { key: 'units', label: '单位', children: <Units /> },
]

/** Who is who, who is in charge of what, under which accounts the bureau replies. */
export function People() {
  const [params, setParams] = useSearchParams()
  return (
    <>
      <PageHead title="人员与分工" />
      <div className="panel">
        <Tabs
          items={TABS}
          activeKey={params.get('tab') ?? 'people'}
          onChange={tab => setParams({ tab }, { replace: true })}
          destroyOnHidden
        />
      </div>
    </>
  )
}
