import type { SlipDetail } from '../../../api/slips/routes.ts'
import { dateTime, deadline } from '../format.ts'
import { dueTone, dueWords, StepsSum } from '../ui/due.tsx'

/** Each round's clock: the verdict, the sum day by day, and every change with its reason. */
export function Clocks({ slip }: { slip: SlipDetail }) {
  const now = Date.now()
  return slip.clocks.toReversed().map(clock => (
    <section className={`panel clock ${dueTone(clock, now)}`} key={clock.round} aria-label="时限">
      <div className="panel-head">
        <h2>答复时限{slip.clocks.length > 1 && `（第 ${clock.round} 轮）`}</h2>
        <span className="grow" />
        {clock.provisional && <span className="pill amber">暂定</span>}
        {clock.stoppedAt !== null && clock.onTime !== null && (
          <span className={`pill ${clock.onTime ? 'green' : 'red'}`}>{clock.onTime ? '按时' : '超期'}</span>
        )}
      </div>
      <p className="clock-due">
        {deadline(clock.dueAt)}
        {clock.stoppedAt === null && <span>{dueWords(clock.dueAt, now)}</span>}
      </p>
      <StepsSum clock={clock} />
      {clock.history.length > 1 && (
        <>
          <h3>时限变动</h3>
          {clock.history.map(each => (
            <p className="muted" key={each.at}>
              {dateTime(each.at)} {each.reason}（{each.by}）→ {deadline(each.dueAt)}
            </p>
          ))}
        </>
      )}
    </section>
  ))
}
