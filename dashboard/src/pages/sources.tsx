import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Input, Modal, Skeleton } from 'antd'
import { useState } from 'react'
import type { SourceView } from '../../../api/sources/routes.ts'
import { get, patch, post } from '../api.ts'
import { has, useSession } from '../session.tsx'
import { AddSource } from '../sources/add-source.tsx'
import { BackfillButton } from '../sources/backfill.tsx'
import { HEALTH, SourceCard } from '../sources/source-card.tsx'
import { SourceSettings } from '../sources/source-settings.tsx'
import '../style/sources.css'
import { PageHead } from '../ui/head.tsx'
import { useFail } from '../ui/use-act.ts'

const ORDER = ['failing', 'limited', 'waiting', 'ok', 'off'] as const

/** Every source with its health, its plan and why it waits; 办公室 adds, edits and switches them here. */
export function Sources() {
  const queries = useQueryClient()
  const session = useSession()
  const office = has(session, 'office', 'office_head')
  const [adding, setAdding] = useState(false)
  const [switching, setSwitching] = useState<SourceView | null>(null)
  const [open, setOpen] = useState<SourceView | null>(null)
  const { data } = useQuery({
    queryKey: ['sources'],
    queryFn: () => get<SourceView[]>('/api/sources'),
    refetchInterval: 10_000,
  })
  const refresh = () => queries.invalidateQueries({ queryKey: ['sources'] })
  const none = data && !data.some(({ enabled, engine }) => enabled && engine !== 'manual')
  const sorted = data?.toSorted((a, b) => ORDER.indexOf(a.health) - ORDER.indexOf(b.health))
  return (
    <>
      <PageHead title="信源" hint={data && hintOf(data)}>
        {office && (
          <Button type="primary" onClick={() => setAdding(true)}>
            新增信源
          </Button>
        )}
      </PageHead>
      {none && (
        <Alert
          type="warning"
          showIcon
          className="gap-below"
          title="目前没有能自动读取的信源"
          description="请用「新增信源」加入，或启用下面列出的信源；要看完整效果，请在服务器上运行 npm run demo。"
        />
      )}
      {!data && <Skeleton active />}
      <div className="sources">
        {sorted?.map(source => (
          <SourceCard key={source.id} source={source}>
            {source.enabled && source.engine !== 'manual' && <VisitNow id={source.id} onDone={refresh} />}
            {office && source.enabled && source.engine !== 'manual' && (
              <BackfillButton source={source} onDone={refresh} />
            )}
            {has(session, 'duty', 'admin', 'office', 'office_head') && (
              <Button size="small" onClick={() => setOpen(source)}>
                设置与版本
              </Button>
            )}
            {office && source.engine !== 'manual' && (
              <Button size="small" danger={source.enabled} onClick={() => setSwitching(source)}>
                {source.enabled ? '停用' : '启用'}
              </Button>
            )}
          </SourceCard>
        ))}
      </div>
      <AddSource open={adding} onClose={() => setAdding(false)} />
      {open && (
        <SourceSettings id={open.id} name={open.name} mayEdit={office} onClose={() => setOpen(null)} />
      )}
      {switching && <SwitchDialog source={switching} onClose={() => setSwitching(null)} onDone={refresh} />}
    </>
  )
}

/** `12 个在读，1 个异常`. */
function hintOf(sources: readonly SourceView[]): string {
  const on = sources.filter(({ enabled, engine }) => enabled && engine !== 'manual').length
  const ill = (['failing', 'limited'] as const).flatMap(health => {
    const count = sources.filter(source => source.health === health).length
    return count ? `${count} 个${HEALTH[health]}` : []
  })
  return [`${on} 个在读`, ...ill].join('，')
}

function VisitNow({ id, onDone }: { id: string; onDone(): Promise<unknown> }) {
  const { message } = App.useApp()
  const session = useSession()
  const fail = useFail()
  if (!has(session, 'duty', 'office', 'office_head', 'admin')) return null
  const visit = async () => {
    try {
      await post(`/api/sources/${id}/visit`)
      void message.success('已安排，稍后自动读取')
    } catch (problem) {
      fail(problem)
    }
    await onDone()
  }
  return (
    <Button size="small" onClick={() => void visit()}>
      马上读一次
    </Button>
  )
}

function SwitchDialog(props: { source: SourceView; onClose(): void; onDone(): Promise<unknown> }) {
  const { source } = props
  const fail = useFail()
  const [why, setWhy] = useState('')
  const word = source.enabled ? '停用' : '启用'
  const send = async () => {
    try {
      const { version, enabled } = source
      await patch(`/api/sources/${source.id}`, { enabled: !enabled, why: why.trim(), version })
      props.onClose()
    } catch (problem) {
      fail(problem)
    }
    await props.onDone()
  }
  return (
    <Modal
      open
      title={`${word}「${source.name}」`}
      okText={word}
      cancelText="取消"
      okButtonProps={{ danger: source.enabled, disabled: why.trim().length < 2 }}
      onCancel={props.onClose}
      onOk={() => void send()}
    >
      {!source.enabled && source.reason && <p className="muted gap-below">原来停用的原因：{source.reason}</p>}
      <Input
        aria-label={`${word}原因`}
        placeholder={`${word}原因，记入版本${source.enabled ? '，并显示在信源页' : ''}`}
        autoFocus
        value={why}
        onChange={event => setWhy(event.target.value)}
      />
    </Modal>
  )
}
