import { FileWordOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import {
  REPORT_KINDS,
  REPORT_RECEIVERS,
  type ReportKind,
  type ReportReceiver,
  type SlipAction,
} from '../../../api/vocabulary.ts'
import { dateTime, deadline } from '../format.ts'
import { has, useSession } from '../session.tsx'

type Act = (action: SlipAction, preset: Record<string, unknown>) => void

/** S-22: the two superiors apart, each with its reports, receipts and the paper that comes next. */
export function Upward({ slip, onAct }: { slip: SlipDetail; onAct: Act }) {
  const session = useSession()
  if (slip.level !== 'major') return null
  const writes = has(session, 'office', 'office_head', 'chief')
  return (
    <section className="panel" aria-label="上报">
      <div className="panel-head">
        <h2>上报</h2>
        {slip.shadow && (
          <span className="muted">
            按规定 {deadline(slip.shadow.reportBy)} 前报出，{deadline(slip.shadow.responseBy)} 前回应社会
          </span>
        )}
        <span className="grow" />
        {writes && slip.reports.length > 0 && (
          <Button
            size="small"
            icon={<FileWordOutlined aria-hidden />}
            href={`/api/slips/${slip.id}/upward.docx`}
          >
            全部上报材料
          </Button>
        )}
      </div>
      <div className="upward">
        {(Object.keys(REPORT_RECEIVERS) as ReportReceiver[]).map(receiver => (
          <Receiver key={receiver} slip={slip} receiver={receiver} writes={writes} onAct={onAct} />
        ))}
      </div>
    </section>
  )
}

function Receiver(props: { slip: SlipDetail; receiver: ReportReceiver; writes: boolean; onAct: Act }) {
  const { slip, receiver, writes, onAct } = props
  const reports = slip.reports.filter(each => each.receiver === receiver)
  const begun = reports.length > 0
  const kinds: ReportKind[] = begun ? ['followUp', 'final'] : ['first']
  // Follow-ups begin when both first reports are out.
  const may =
    slip.allowed.includes('recordReport') &&
    (begun ? new Set(slip.reports.map(r => r.receiver)).size === 2 : true)
  return (
    <article className="inset" aria-label={REPORT_RECEIVERS[receiver]}>
      <b>{REPORT_RECEIVERS[receiver]}</b>{' '}
      <span className={`pill ${begun ? 'green' : 'amber'}`}>{begun ? '初报已报' : '初报未报'}</span>
      {reports.map(({ id, kind, sentAt, way, handler, receipt, note }) => (
        <div key={id} className="upward-report">
          <div>
            {REPORT_KINDS[kind]} <span className="number">{dateTime(sentAt)}</span> {way}　{handler}
          </div>
          {note && <div className="muted text">{note}</div>}
          <div>
            {receipt ? (
              <span className="approved-inline">回执：{receipt}</span>
            ) : (
              <span className="pill amber">回执未登记</span>
            )}
            {slip.allowed.includes('recordReceipt') && (
              <Button type="link" size="small" onClick={() => onAct('recordReceipt', { reportId: id })}>
                {receipt ? '更正回执' : '登记回执'}
              </Button>
            )}
          </div>
        </div>
      ))}
      {writes && slip.status !== 'void' && (
        <div className="row-actions gap-above">
          {kinds.map(kind => (
            <Button
              key={kind}
              size="small"
              icon={<FileWordOutlined aria-hidden />}
              href={`/api/slips/${slip.id}/upward.docx?receiver=${receiver}&kind=${kind}`}
            >
              {REPORT_KINDS[kind]}稿
            </Button>
          ))}
          {may && (
            <Button
              size="small"
              type={begun ? 'default' : 'primary'}
              onClick={() => onAct('recordReport', { receiver, kind: kinds[0] })}
            >
              登记{begun ? '续报、终报' : '初报'}
            </Button>
          )}
        </div>
      )}
    </article>
  )
}
