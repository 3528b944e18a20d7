import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Input, Modal, Skeleton, Switch, Tooltip } from 'antd'
import { useState } from 'react'
import type { SourceView } from '../../../api/sources/routes.ts'
import { get, patch, post } from '../api.ts'
import { ago, dateTime } from '../format.ts'
import { has, useSession } from '../session.tsx'
import { PageHead } from '../ui/head.tsx'
import { useFail } from '../ui/use-act.ts'

const HEALTH = { ok: '正常', waiting: '等待', limited: '受限', failing: '异常', off: '未启用' } as const
const TONES = { ok: 'green', waiting: 'blue', limited: 'amber', failing: 'red', off: '' } as const
const ORDER = ['failing', 'limited', 'waiting', 'ok', 'off'] as const

export function Sources() {
  const { message } = App.useApp()
  const queries = useQueryClient()
  const fail = useFail()
  const session = useSession()
  const [stopping, setStopping] = useState<SourceView | null>(null)
  const { data } = useQuery({
    queryKey: ['sources'],
    queryFn: () => get<SourceView[]>('/api/sources'),
    refetchInterval: 10_000,
  })
  const refresh = () => queries.invalidateQueries({ queryKey: ['sources'] })
  const visit = async (id: string) => {
    try {
      await post(`/api/sources/${id}/visit`)
      void message.success('已安排，稍后自动读取')
    } catch (problem) {
      fail(problem)
    }
    await refresh()
  }
  const enable = async (id: string, body: { enabled: boolean; reason?: string }) => {
    try {
      await patch(`/api/sources/${id}`, body)
      setStopping(null)
    } catch (problem) {
      fail(problem)
    }
    await refresh()
  }
  const none = data && !data.some(({ health }) => health === 'ok' || health === 'waiting')
  const sorted = data?.toSorted((a, b) => ORDER.indexOf(a.health) - ORDER.indexOf(b.health))
  return (
    <>
      <PageHead title="信源" hint={data && `${data.filter(({ enabled }) => enabled).length} 个在读`} />
      {none && (
        <Alert
          type="warning"
          showIcon
          className="gap-below"
          title="目前没有能自动读取的信源"
          description="可在处理单中人工录入链接、文字和截图；要看完整效果，请在服务器上运行 npm run demo。"
        />
      )}
      {!data && <Skeleton active />}
      <div className="sources">
        {sorted?.map(source => (
          <section
            className={`panel source ${TONES[source.health]}`}
            key={source.id}
            aria-label={source.name}
          >
            <div className="panel-head">
              <h2>
                {source.url.startsWith('https://import.invalid') ? (
                  source.name
                ) : (
                  <a href={source.url} target="_blank" rel="noreferrer noopener">
                    {source.name}
                  </a>
                )}
              </h2>
              <span className={`pill ${TONES[source.health]}`}>{HEALTH[source.health]}</span>
              <span className="grow" />
              {has(session, 'office', 'office_head') && source.engine !== 'manual' && (
                <Switch
                  size="small"
                  aria-label={`启用${source.name}`}
                  checked={source.enabled}
                  onChange={on => (on ? void enable(source.id, { enabled: true }) : setStopping(source))}
                />
              )}
            </div>
            <p className="source-text">{source.healthText}</p>
            {source.alarms.map(({ kind, title, advice }) => (
              <Alert key={kind} type="warning" className="gap-below" title={title} description={advice} />
            ))}
            <dl className="fields">
              {!source.enabled && (
                <>
                  <dt>版块</dt>
                  <dd>{source.boards.map(({ name }) => name).join('、') || '—'}</dd>
                </>
              )}
              <dt>帖子</dt>
              <dd>{source.posts} 条</dd>
              {source.enabled && (
                <>
                  <dt>今日访问</dt>
                  <dd className="number">
                    {source.requestsToday} / {source.dailyCeiling} 次，间隔 {source.delaySeconds} 秒
                  </dd>
                  <dt>最近读成</dt>
                  <dd>
                    <Tooltip title={dateTime(source.lastSuccessAt)}>
                      {ago(source.lastSuccessAt, Date.now())}
                    </Tooltip>
                    {source.nextVisitAt !== null && `，下次 ${dateTime(source.nextVisitAt).slice(11)}`}
                  </dd>
                </>
              )}
              <dt>依据</dt>
              <dd>
                {source.basis}（{source.owner}）
              </dd>
            </dl>
            {source.enabled && <Boards boards={source.boards} />}
            {source.enabled && has(session, 'duty', 'office', 'office_head', 'admin') && (
              <Button size="small" className="gap-above" onClick={() => void visit(source.id)}>
                马上读一次
              </Button>
            )}
          </section>
        ))}
      </div>
      {stopping && (
        <StopDialog
          name={stopping.name}
          onClose={() => setStopping(null)}
          onStop={reason => enable(stopping.id, { enabled: false, reason })}
        />
      )}
    </>
  )
}

/** The plan, board by board: when it was read, when it is next, and why it has to wait. */
function Boards({ boards }: { boards: SourceView['boards'] }) {
  return (
    <ul className="boards">
      {boards.map(board => (
        <li key={board.key}>
          <span className="board-name">{board.name}</span>
          <span className="muted">
            {board.readAt === null ? '还没读过' : `${ago(board.readAt, Date.now())}读过`}
            {board.nextAt !== null && `，下次 ${dateTime(board.nextAt).slice(5)}`}
            {board.everySeconds !== null && `，约每 ${every(board.everySeconds)}一次`}
            {board.postsPerDay !== null && `，日均约 ${board.postsPerDay} 条`}
          </span>
          {board.why && <span className="pill amber">{board.why}</span>}
          {board.error && <span className="pill red">{board.error.message}</span>}
        </li>
      ))}
    </ul>
  )
}

const every = (seconds: number): string =>
  seconds < 120 ? `${seconds} 秒` : `${Math.round(seconds / 60)} 分钟`

function StopDialog(props: { name: string; onClose(): void; onStop(reason: string): Promise<void> }) {
  const [reason, setReason] = useState('')
  return (
    <Modal
      open
      title={`停用「${props.name}」`}
      okText="停用"
      cancelText="取消"
      okButtonProps={{ danger: true, disabled: !reason.trim() }}
      onCancel={props.onClose}
      onOk={() => props.onStop(reason.trim())}
    >
      <Input
        aria-label="停用原因"
        placeholder="停用原因，会显示在信源页"
        autoFocus
        value={reason}
        onChange={event => setReason(event.target.value)}
      />
    </Modal>
  )
}
