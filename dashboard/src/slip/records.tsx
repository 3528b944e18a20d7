import type { ReactNode } from 'react'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { EXTENSION_STATES } from '../../../api/vocabulary.ts'
import { dateTime } from '../format.ts'

const TRANSFER_STATES = { open: '待办公室决定', done: '已转办', refused: '未同意' } as const

interface Line {
  key: string
  at: number
  who: string
  text: ReactNode
}

/** What else was recorded on the slip: extensions, tracking, further rounds, transfers. */
export function Records({ slip }: { slip: SlipDetail }) {
  const groups: [string, Line[]][] = [
    [
      '延期',
      slip.extensions.map(each => ({
        key: `extension${each.id}`,
        at: each.requestedAt,
        who: each.requestedBy.name,
        text: (
          <>
            申请延至 {each.untilDay}：{each.reason}{' '}
            <span
              className={`pill ${each.state === 'granted' ? 'green' : each.state === 'open' ? 'amber' : 'red'}`}
            >
              {EXTENSION_STATES[each.state]}
            </span>
            {each.warning && <span className="pill amber">{each.warning}</span>}
            {each.decidedBy && (
              <div className="muted">
                {each.decidedBy.name} {dateTime(each.decidedAt)} {each.decisionReason}
              </div>
            )}
          </>
        ),
      })),
    ],
    [
      '跟踪',
      slip.tracking.map(each => ({
        key: `tracking${each.id}`,
        at: each.at,
        who: each.by.name,
        text: `浏览 ${each.views ?? '—'}，回复 ${each.replies ?? '—'}。${each.claims ? `新诉求：${each.claims}。` : ''}${each.judgement}`,
      })),
    ],
    [
      '再次回应',
      slip.rounds
        .filter(({ round }) => round > 1)
        .map(each => ({
          key: `round${each.round}`,
          at: each.openedAt,
          who: `第 ${each.round} 轮`,
          text: each.reason,
        })),
    ],
    [
      '转办',
      slip.transfers.map(each => ({
        key: `transfer${each.id}`,
        at: each.at,
        who: each.by.name,
        text: `申请转${each.toUnit.name}：${each.reason}（${TRANSFER_STATES[each.state]}）`,
      })),
    ],
  ]
  const filled = groups.filter(([, lines]) => lines.length)
  if (!filled.length) return null
  return (
    <section className="panel" aria-label="办理记录">
      <h2>办理记录</h2>
      {filled.map(([name, lines]) => (
        <div key={name}>
          <h3>{name}</h3>
          {lines.map(({ key, at, who, text }) => (
            <div key={key} className="record">
              <span className="muted number">{dateTime(at)}</span>
              <span className="muted">{who}</span>
              <div className="text">{text}</div>
            </div>
          ))}
        </div>
      ))}
    </section>
  )
}
