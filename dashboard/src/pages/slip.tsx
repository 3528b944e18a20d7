import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Modal, Spin, Tag, Timeline } from 'antd'
import { useState } from 'react'
import { useParams } from 'react-router'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import {
  FOUND_HOWS,
  LEVELS,
  REPLY_MODES,
  REPORT_RECEIVERS,
  SLIP_ACTIONS,
  SLIP_STATES,
  type SlipAction,
  TEXT_PURPOSES,
  VERIFY_STATES,
} from '../../../api/vocabulary.ts'
import { ActionForm } from '../action-form.tsx'
import { get } from '../api.ts'
import { Approve } from '../approve.tsx'
import { dateTime, deadline, published } from '../format.ts'

/** Acts that stand open on the page, in the order of the road; the rest wait behind 更多. */
const MAIN: SlipAction[] = [
  'submit',
  'confirmJudgement',
  'judge',
  'saveText',
  'sendForReview',
  'recordReply',
  'recordNoReply',
  'recordReport',
  'grantExtension',
  'refuseExtension',
  'addTracking',
  'finish',
  'handOver',
  'archive',
]
const ELSEWHERE: SlipAction[] = ['approve', 'return']

export function Slip() {
  const id = Number(useParams().id)
  const [action, setAction] = useState<SlipAction | null>(null)
  const { data: slip, error } = useQuery({
    queryKey: ['slip', id],
    queryFn: () => get<SlipDetail>(`/api/slips/${id}`),
    refetchInterval: action ? false : 5_000,
  })
  if (error) return <Alert type="error" title={error.message} />
  if (!slip) return <Spin />
  const main = MAIN.filter(each => slip.allowed.includes(each))
  const more = slip.allowed.filter(each => !MAIN.includes(each) && !ELSEWHERE.includes(each))
  return (
    <>
      <div className="panel">
        <h2>
          {slip.title} <Tag color="blue">{SLIP_STATES[slip.status]}</Tag>{' '}
          {slip.level && <Tag>{LEVELS[slip.level]}</Tag>}
        </h2>
        <p className="muted">
          {slip.number ?? '草稿，提交后编号'} · 等待 {slip.waitingFor} · 时限{' '}
          <span className={slip.onTime === false ? 'late' : ''}>{deadline(slip.dueAt)}</span>
          {slip.archiveNumber && ` · 档号 ${slip.archiveNumber}`}
        </p>
        {slip.warnings.map(warning => (
          <Alert key={warning} type="warning" showIcon title={warning} style={{ marginBottom: 6 }} />
        ))}
        <div className="actions">
          {main.map(each => (
            <Button key={each} type="primary" autoInsertSpace={false} onClick={() => setAction(each)}>
              {SLIP_ACTIONS[each]}
            </Button>
          ))}
          {more.map(each => (
            <Button key={each} autoInsertSpace={false} onClick={() => setAction(each)}>
              {SLIP_ACTIONS[each]}
            </Button>
          ))}
        </div>
      </div>
      {slip.allowed.includes('approve') && <Approve slip={slip} />}
      <div className="detail">
        <div>
          <Form1 slip={slip} />
          <Posts slip={slip} />
          <Texts slip={slip} />
          <Records slip={slip} />
        </div>
        <div>
          <Clocks slip={slip} />
          <History slip={slip} />
        </div>
      </div>
      {action && (
        <Modal
          open
          title={SLIP_ACTIONS[action]}
          footer={null}
          onCancel={() => setAction(null)}
          destroyOnHidden
        >
          <ActionForm slip={slip} action={action} onDone={() => setAction(null)} />
        </Modal>
      )}
    </>
  )
}

function Form1({ slip }: { slip: SlipDetail }) {
  const rows: [string, string | null][] = [
    ['填报', `${slip.unit.name} ${slip.createdBy.name} ${dateTime(slip.createdAt)}`],
    ['发现', `${dateTime(slip.foundAt)}（${FOUND_HOWS[slip.foundHow]}）`],
    ['类别', slip.topic],
    ['概要', slip.summary],
    ['诉求', slip.demand],
    ['区域', slip.area],
    ['主办', slip.leadUnit?.name ?? null],
    ['协办', slip.coUnits.map(({ name }) => name).join('、') || null],
    ['研判', slip.judgedBy ? `${slip.judgedBy.name} ${dateTime(slip.judgedAt)}：${slip.ground ?? ''}` : null],
    ['审核人', slip.reviewer?.name ?? null],
    ['落实', slip.result],
    ['作废', slip.voidReason],
  ]
  return (
    <section className="panel">
      <h2>舆情信息报告处理单</h2>
      <dl className="fields">
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd className="text">{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}

function Posts({ slip }: { slip: SlipDetail }) {
  return (
    <section className="panel">
      <h2>帖子与回复</h2>
      {slip.entries
        .filter(({ detachedAt }) => detachedAt === null)
        .map(entry => (
          <div key={entry.id} style={{ marginBottom: 12 }}>
            <b>{entry.title}</b>
            <div className="muted">
              {entry.platform} {entry.board} · {entry.author ?? '匿名'} ·{' '}
              {published(entry.publishedAt, entry.publishedPrecision)}{' '}
              {entry.url && (
                <a href={entry.url} target="_blank" rel="noreferrer noopener">
                  原帖
                </a>
              )}
            </div>
            <div className="text">{entry.text}</div>
            {entry.reply && (
              <div className="panel" style={{ background: '#f8fafc' }}>
                <Tag color={entry.reply.verify === 'verified' ? 'green' : 'orange'}>
                  {VERIFY_STATES[entry.reply.verify]}
                </Tag>
                {REPLY_MODES[entry.reply.mode]} · {entry.reply.account?.name} ·{' '}
                {dateTime(entry.reply.repliedAt)}{' '}
                {entry.reply.url && (
                  <a href={entry.reply.url} target="_blank" rel="noreferrer noopener">
                    回复页面
                  </a>
                )}
                <div className="text">{entry.reply.text}</div>
                {entry.reply.verifyDifference && (
                  <div className="late text">页面上为：{entry.reply.verifyDifference}</div>
                )}
                {entry.reply.evidence.map(each => (
                  <a
                    key={each.id}
                    href={`/api/evidence/${each.id}`}
                    target="_blank"
                    rel="noreferrer noopener"
                    style={{ marginRight: 8 }}
                  >
                    {each.fileName ?? each.kind}
                  </a>
                ))}
              </div>
            )}
          </div>
        ))}
    </section>
  )
}

function Texts({ slip }: { slip: SlipDetail }) {
  if (!slip.texts.length) return null
  return (
    <section className="panel">
      <h2>文稿</h2>
      {slip.texts.toReversed().map(text => (
        <div key={text.id} style={{ marginBottom: 12 }}>
          <div className="muted">
            第{text.round}轮 {TEXT_PURPOSES[text.purpose]} 第{text.number}稿 · {text.author.name}{' '}
            {dateTime(text.savedAt)} · {REPLY_MODES[text.mode]}{' '}
            {text.approval && (
              <Tag color="green">
                {text.approval.by.name}
                {text.approval.forName ? `代${text.approval.forName}` : ''} 同意 {dateTime(text.approval.at)}
              </Tag>
            )}
          </div>
          <div className="text">{text.body}</div>
          {text.approval?.opinion && <div className="muted">意见：{text.approval.opinion}</div>}
        </div>
      ))}
    </section>
  )
}

function Records({ slip }: { slip: SlipDetail }) {
  const lines = [
    ...slip.reports.map(
      each => `${dateTime(each.sentAt)} 报${REPORT_RECEIVERS[each.receiver]}（${each.way}，${each.handler}）`,
    ),
    ...slip.extensions.map(
      each =>
        `${dateTime(each.requestedAt)} ${each.requestedBy.name}申请延至 ${each.untilDay}：${each.reason}${each.warning ? `（${each.warning}）` : ''} ${{ open: '待审批', granted: '已同意', refused: '未同意' }[each.state]}`,
    ),
    ...slip.tracking.map(
      each =>
        `${dateTime(each.at)} ${each.by.name}跟踪：浏览 ${each.views ?? '—'}，回复 ${each.replies ?? '—'}；${each.judgement}`,
    ),
    ...slip.transfers.map(
      each => `${dateTime(each.at)} ${each.by.name}申请转 ${each.toUnit.name}：${each.reason}`,
    ),
  ]
  if (!lines.length) return null
  return (
    <section className="panel">
      <h2>上报、延期、跟踪</h2>
      {lines.map(each => (
        <p key={each}>{each}</p>
      ))}
    </section>
  )
}

function Clocks({ slip }: { slip: SlipDetail }) {
  return slip.clocks.map(clock => (
    <section className="panel" key={clock.round}>
      <h2>
        时限{clock.round > 1 ? `（第${clock.round}轮）` : ''} {deadline(clock.dueAt)}{' '}
        {clock.provisional && <Tag color="orange">暂定</Tag>}
        {clock.stoppedAt !== null && (
          <Tag color={clock.onTime ? 'green' : 'red'}>{clock.onTime ? '按时' : '超期'}</Tag>
        )}
      </h2>
      {clock.steps.map(step => (
        <div key={step.day} className={step.number === null ? 'muted' : ''}>
          {step.text}
        </div>
      ))}
      {clock.stoppedAt !== null && <p>停止计时 {dateTime(clock.stoppedAt)}</p>}
      {clock.publicDueAt !== null && <p className="muted">若从发帖起算：{deadline(clock.publicDueAt)}</p>}
      {clock.history.length > 1 &&
        clock.history.map(each => (
          <p className="muted" key={each.at}>
            {dateTime(each.at)} {each.reason}（{each.by}）→ {deadline(each.dueAt)}
          </p>
        ))}
    </section>
  ))
}

function History({ slip }: { slip: SlipDetail }) {
  const items = slip.history.toReversed().map(entry => ({
    key: entry.seq,
    content: (
      <>
        {entry.label} · {entry.by}
        {entry.forName ? `（代${entry.forName}）` : ''}
        <div className="muted">
          {dateTime(entry.at)} · 校验 {entry.hash.slice(0, 8)}
        </div>
      </>
    ),
  }))
  return (
    <section className="panel">
      <h2>办理过程</h2>
      <Timeline items={items} />
    </section>
  )
}
