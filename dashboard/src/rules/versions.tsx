import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Progress } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { BacktestResult, RuleHistory, TrialView, VersionView } from '../../../api/rules/routes.ts'
import { get, post } from '../api.ts'
import { dateTime } from '../format.ts'
import { has, useSession } from '../session.tsx'
import { useFail } from '../ui/use-act.ts'
import { WhyDialog } from './why-dialog.tsx'

const STATES = { proposed: '待定', live: '启用中', retired: '已停用', rejected: '未采用' } as const
const TONES = { proposed: 'amber', live: 'green', retired: '', rejected: '' } as const

/** Every version of a rule with who and why; a proposal can be back-tested, and decided by 办公室. */
export function RuleVersions(props: { id: string; isLive: boolean; onDone(): Promise<unknown> }) {
  const { id } = props
  const queries = useQueryClient()
  const session = useSession()
  const office = has(session, 'office', 'office_head')
  const [asking, setAsking] = useState<Asked | null>(null)
  const { data } = useQuery({ queryKey: ['rule', id], queryFn: () => get<RuleHistory>(`/api/rules/${id}`) })
  const refresh = async () => {
    await queries.invalidateQueries({ queryKey: ['rule', id] })
    await props.onDone()
  }
  return (
    <section aria-label="版本">
      <div className="panel-head gap-above">
        <h2>版本</h2>
        <span className="grow" />
        {office && props.isLive && (
          <Button
            size="small"
            danger
            onClick={() => setAsking({ what: 'retire', url: `/api/rules/${id}/retire` })}
          >
            停用规则
          </Button>
        )}
      </div>
      {data?.versions.map(version => (
        <Version key={version.version} version={version} office={office} onAsk={setAsking} onDone={refresh} />
      ))}
      {asking && <Ask asked={asking} onClose={() => setAsking(null)} onDone={refresh} />}
    </section>
  )
}

function Version(props: {
  version: VersionView
  office: boolean
  onAsk(asked: Asked): void
  onDone(): Promise<unknown>
}) {
  const { version, office, onAsk } = props
  const url = `/api/rules/${version.ruleId}/versions/${version.version}`
  return (
    <div className="floor">
      <div className="row-actions">
        <b>第 {version.version} 版</b>
        <span className={`pill ${TONES[version.state]}`}>{STATES[version.state]}</span>
        <span className="muted">
          {version.createdBy} {dateTime(version.createdAt)}：{version.why}
        </span>
      </div>
      {version.decidedBy && (
        <div className="muted">
          {version.decidedBy} {dateTime(version.decidedAt)}：{version.decidedWhy}
        </div>
      )}
      {version.state === 'proposed' && (
        <>
          <Changes version={version} />
          <Backtest url={url} known={version.backtest} onDone={props.onDone} />
          {office && (
            <div className="row-actions gap-above">
              <Button
                type="primary"
                disabled={!version.backtest}
                onClick={() =>
                  onAsk({ what: 'live', url: `${url}/live`, added: version.backtest?.added.count ?? 0 })
                }
              >
                启用
              </Button>
              <Button onClick={() => onAsk({ what: 'reject', url: `${url}/reject` })}>不采用</Button>
              {!version.backtest && <span className="muted">回测后才能启用</span>}
            </div>
          )}
        </>
      )}
    </div>
  )
}

/** What would change, before anyone puts it in force. */
function Changes({ version: { changes } }: { version: VersionView }) {
  if (!changes) return <p className="muted">没有启用中的版本，启用后从头开始命中。</p>
  return (
    <div className="inset gap-above">
      <b>与启用中的版本相比</b>
      {!changes.length && <div className="muted">没有不同。</div>}
      {changes.map(({ field, from, to }) => (
        <div key={field} className="text">
          {field}：{from && <del>{from}</del>} {to && <ins>{to}</ins>}
        </div>
      ))}
    </div>
  )
}

function Backtest(props: { url: string; known: BacktestResult | null; onDone(): Promise<unknown> }) {
  const fail = useFail()
  const [id, setId] = useState<number | null>(null)
  const { data: trial } = useQuery({
    queryKey: ['trial', id],
    queryFn: async () => {
      const answer = await get<TrialView>(`/api/rules/trials/${id}`)
      if (answer.state !== 'waiting') await props.onDone()
      return answer
    },
    enabled: id !== null,
    refetchInterval: query => (query.state.data && query.state.data.state !== 'waiting' ? false : 700),
  })
  const start = async () => {
    try {
      setId((await post<{ id: number }>(`${props.url}/backtest`)).id)
    } catch (problem) {
      fail(problem)
    }
  }
  const running = id !== null && trial?.state !== 'done' && trial?.state !== 'failed'
  return (
    <div className="inset gap-above">
      <div className="row-actions">
        <Button size="small" loading={running} onClick={() => void start()}>
          {props.known ? '重新回测' : '用最近 30 天回测'}
        </Button>
        {running && trial && trial.total > 0 && (
          <Progress
            percent={Math.round((trial.done / trial.total) * 100)}
            size="small"
            style={{ width: 220 }}
          />
        )}
        {trial?.state === 'failed' && (
          <span className="pill red">{(trial.result as { message: string }).message}</span>
        )}
      </div>
      {props.known && <BacktestResults result={props.known} />}
    </div>
  )
}

function BacktestResults({ result }: { result: BacktestResult }) {
  return (
    <>
      <p>
        最近 {result.days} 天 {result.posts} 条帖子：提示由 {result.before} 条变为 {result.after} 条，新增{' '}
        {result.added.count} 条，少掉 {result.lost.count} 条。
      </p>
      {(['added', 'lost'] as const).map(side =>
        result[side].samples.length ? (
          <details key={side} open={side === 'added'}>
            <summary>
              {side === 'added' ? '新增' : '少掉'}（前 {result[side].samples.length} 条）
            </summary>
            <ul>
              {result[side].samples.map(sample => (
                <li key={sample.postId}>
                  <Link to={`/posts?post=${sample.postId}`}>
                    {sample.title ?? sample.excerpt.slice(0, 40)}
                  </Link>
                  <div className="muted">{sample.why}</div>
                </li>
              ))}
            </ul>
          </details>
        ) : null,
      )}
    </>
  )
}

interface Asked {
  what: 'live' | 'reject' | 'retire'
  url: string
  /** Posts that only the new version finds. */
  added?: number
}
const TITLES = { live: '启用这一版', reject: '不采用这一版', retire: '停用规则' } as const

interface AskProps {
  asked: Asked
  onClose(): void
  onDone(): Promise<unknown>
}

function Ask({ asked: { what, url, added = 0 }, onClose, onDone }: AskProps) {
  const [again, setAgain] = useState(true)
  return (
    <WhyDialog
      title={TITLES[what]}
      placeholder="理由，记入版本"
      danger={what === 'retire'}
      send={why => post(url, what === 'live' ? { why, again } : { why })}
      onClose={onClose}
      onDone={onDone}
    >
      {what === 'live' && added > 0 && (
        <Checkbox className="gap-above" checked={again} onChange={event => setAgain(event.target.checked)}>
          把回测新增的 {added} 条旧帖也提示出来（从提示时起计时）
        </Checkbox>
      )}
    </WhyDialog>
  )
}
