import { Tabs } from 'antd'
import { useSearchParams } from 'react-router'
import { Bursts } from '../bursts/list.tsx'
import { Channels } from '../notices/channels.tsx'
import { Deliveries } from '../notices/deliveries.tsx'
import { Inbox } from '../notices/inbox.tsx'
import { OwnSetting } from '../notices/setting.tsx'
import { has, useSession } from '../session.tsx'
import { PageHead } from '../ui/head.tsx'

/** What one was told, how one wants to be told, and, for operators, whether it gets through. */
export function Notices() {
  const session = useSession()
  const operator = has(session, 'admin', 'office_head')
  const content = session.person.roles.some(role => role !== 'admin' && role !== 'finance')
  const [params, setParams] = useSearchParams()
  return (
    <>
      <PageHead title="通知" />
      <Tabs
        activeKey={params.get('tab') ?? 'inbox'}
        onChange={tab => setParams({ tab }, { replace: true })}
        items={[
          { key: 'inbox', label: '收到的', children: <Inbox /> },
          ...(content ? [{ key: 'bursts', label: '舆情突增', children: <Bursts /> }] : []),
          { key: 'setting', label: '我的设置', children: <OwnSetting /> },
          ...(operator
            ? [
                { key: 'channels', label: '发送渠道', children: <Channels /> },
                { key: 'deliveries', label: '发送情况', children: <Deliveries /> },
              ]
            : []),
        ]}
      />
    </>
  )
}
