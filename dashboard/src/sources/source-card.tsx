import { Alert, Collapse, Progress, Tooltip } from 'antd'
import type { ReactNode } from 'react'
import type { SourceView } from '../../../api/sources/routes.ts'
import { CRAWL_ERRORS, ENGINE_NAMES } from '../../../api/vocabulary.ts'
import { ago, dateTime } from '../format.ts'

export const HEALTH = {
  ok: '正常',
  waiting: '等待',
  limited: '受限',
  failing: '异常',
  off: '未启用',
} as const
const TONES = { ok: 'green', waiting: 'blue', limited: 'amber', failing: 'red', off: '' } as const

/** One source: how it is, what the plan is and why, what came of the last visits. */
export function SourceCard({ source, children }: { source: SourceView; children?: ReactNode }) {
  const isManual = source.engine === 'manual'
  return (
    <section className={`panel source ${TONES[source.health]}`} aria-label={source.name}>
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
        <span className={`pill ${TONES[source.health]}`}>{isManual ? '人工' : HEALTH[source.health]}</span>
      </div>
      {source.alarms.length === 0 && <p className="source-text">{source.healthText}</p>}
      {source.alarms.map(({ kind, title, advice }) => (
        <Alert key={kind} type="warning" showIcon className="gap-below" title={title} description={advice} />
      ))}
      <dl className="fields">
        <dt>类型</dt>
        <dd>{ENGINE_NAMES[source.engine as keyof typeof ENGINE_NAMES] ?? source.engine}</dd>
        {!source.enabled && !isManual && (
          <>
            <dt>版块</dt>
            <dd>{source.boards.map(({ name }) => name).join('、') || '—'}</dd>
          </>
        )}
        <dt>帖子</dt>
        <dd>
          {source.posts} 条
          {source.lastNewPostAt !== null && `，最近新帖 ${ago(source.lastNewPostAt, Date.now())}`}
        </dd>
        {source.enabled && !isManual && <Plan source={source} />}
        <dt>依据</dt>
        <dd>
          {source.basis}（{source.owner}），保存 {source.retentionDays} 天
        </dd>
      </dl>
      {source.enabled && <Boards boards={source.boards} />}
      {source.visits.length > 0 && <Visits source={source} />}
      {children && <div className="source-buttons">{children}</div>}
    </section>
  )
}

function Plan({ source }: { source: SourceView }) {
  const { breaker } = source
  return (
    <>
      <dt>今日访问</dt>
      <dd className="number">
        {source.requestsToday} / {source.dailyCeiling} 次，间隔 {source.delaySeconds} 秒
      </dd>
      <dt>最近读成</dt>
      <dd>
        <Tooltip title={dateTime(source.lastSuccessAt)}>{ago(source.lastSuccessAt, Date.now())}</Tooltip>
      </dd>
      <dt>下次访问</dt>
      <dd>{source.nextVisitAt === null ? '—' : nextAt(source.nextVisitAt)}</dd>
      {breaker && (
        <>
          <dt>暂停</dt>
          <dd>
            <span className="pill amber">{breaker.reason}</span> 到 {dateTime(breaker.until).slice(5)} 再试
            {breaker.level > 0 && `（第 ${breaker.level} 级，30 分钟 / 2 小时 / 12 小时）`}
          </dd>
        </>
      )}
    </>
  )
}

const nextAt = (at: number): string => (at <= Date.now() ? '马上' : dateTime(at).slice(5))

/** The plan, board by board: when it was read, when it is next, and why it has to wait. */
function Boards({ boards }: { boards: SourceView['boards'] }) {
  return (
    <ul className="boards">
      {boards.map(board => (
        <li key={board.key}>
          <span className="board-name">{board.name}</span>
          <span className="muted">
            {board.readAt === null ? '还没读过' : `${ago(board.readAt, Date.now())}读过`}
            {board.nextAt !== null && `，下次 ${nextAt(board.nextAt)}`}
            {board.everySeconds !== null && `，约每 ${every(board.everySeconds)}一次`}
            {board.postsPerDay !== null && `，平时每天约 ${board.postsPerDay} 条`}
            {board.newAt !== null && `，最近新帖 ${ago(board.newAt, Date.now())}`}
          </span>
          {board.why && <span className="pill amber">{board.why}</span>}
          {board.backfill && <Backfill backfill={board.backfill} />}
          {board.error && (
            <Tooltip title={board.error.url}>
              <span className="pill red">
                {CRAWL_ERRORS[board.error.kind]}：{board.error.message}
              </span>
            </Tooltip>
          )}
        </li>
      ))}
    </ul>
  )
}

const BACKFILL = { running: '正在补采', done: '已补采', stopped: '补采已停止', failed: '补采未完成' } as const

/** How far back the board has been read of what was asked. */
function Backfill({ backfill }: { backfill: NonNullable<SourceView['boards'][number]['backfill']> }) {
  const { state, days, share, oldestAt, threads, postsNew, why, error } = backfill
  return (
    <div className="backfill">
      <span className="muted">
        {BACKFILL[state]}最近 {days} 天：
        {oldestAt !== null && state !== 'done' && `已到 ${dateTime(oldestAt).slice(0, 10)}，`}
        {threads} 帖，新增 {postsNew} 条
      </span>
      {state === 'running' && <Progress percent={Math.floor(share * 100)} size="small" />}
      {why && <span className="pill amber">{why}</span>}
      {error && <span className="pill red">{error}</span>}
    </div>
  )
}

const every = (seconds: number): string =>
  seconds < 120 ? `${seconds} 秒` : `${Math.round(seconds / 60)} 分钟`

function Visits({ source }: { source: SourceView }) {
  const nameOf = (key: string | null) =>
    key === null ? '跟踪的帖子' : (source.boards.find(board => board.key === key)?.name ?? key)
  return (
    <Collapse
      ghost
      size="small"
      className="post-more"
      items={[
        {
          key: 'visits',
          label: `最近有收获或出错的访问（${source.visits.length}）`,
          children: source.visits.map(visit => (
            <div key={`${visit.startedAt}${visit.board}`} className="visit">
              <span className="muted number">{dateTime(visit.startedAt).slice(5)}</span> {nameOf(visit.board)}
              ：{visit.pages} 页，读成 {visit.threadsRead} 帖
              {visit.threadsMissed > 0 && `，${visit.threadsMissed} 帖没读成`}，新增 {visit.postsNew} 条
              {visit.errorKind && (
                <span className="pill red">
                  {CRAWL_ERRORS[visit.errorKind]}：{visit.errorMessage}
                </span>
              )}
            </div>
          )),
        },
      ]}
    />
  )
}
