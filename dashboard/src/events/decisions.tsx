import { Button } from 'antd'
import { Link } from 'react-router'
import type { Decision } from '../../../api/events/routes.ts'
import { EVENT_ACTIONS, type EventAction } from '../../../api/vocabulary.ts'
import { dateTime } from '../format.ts'
import { useDecide, useUndo } from './use-decide.tsx'

const labelOf = (action: unknown) => EVENT_ACTIONS[action as EventAction] ?? String(action)

/** The other event or the post that it was about, by the name of that time. */
function About({ decision: { action, detail } }: { decision: Decision }) {
  const { into, from, name, title, was, what } = detail
  const other = typeof into === 'number' ? into : typeof from === 'number' ? from : null
  const called = typeof name === 'string' ? name : other === null ? null : `事件 ${other}`
  const posts = detail.posts ?? detail.postIds
  if (action === 'event.undo') return <>「{labelOf(what)}」</>
  if (action === 'event.rename')
    return (
      <>
        {typeof was === 'string' && `「${was}」`}改为
        {typeof title === 'string' ? `「${title}」` : '首帖的标题'}
      </>
    )
  return (
    <>
      {action === 'event.make' && other !== null && '自'}
      {called !== null && (other === null ? `「${called}」` : <Link to={`/events/${other}`}>{called}</Link>)}
      {action === 'event.make' && other !== null && '拆出'}
      {Array.isArray(posts) && ` ${posts.length} 条帖子`}
    </>
  )
}

/** What people decided about this event, who and when; the machine never undoes it, people can. */
export function Decisions({ decisions }: { decisions: Decision[] }) {
  const { mayDecide } = useDecide()
  const { undo, busy } = useUndo()
  return (
    <section className="panel" aria-label="人工核定">
      <h2>人工核定</h2>
      {!decisions.length && <p className="muted">都由系统归并，还没有人改过。</p>}
      {decisions.toReversed().map((each, i) => {
        const { act, undone, action } = each
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries of a chain, only ever added to
          <div key={decisions.length - i} className="floor decision">
            <div className={undone ? 'grow muted' : 'grow'}>
              {labelOf(action)} <About decision={each} />
              <div className="muted">
                {each.by ?? '系统'} {dateTime(each.at)}
              </div>
            </div>
            {undone && <span className="pill">已撤销</span>}
            {mayDecide && act !== null && !undone && (
              <Button size="small" loading={busy} onClick={() => void undo(act)}>
                撤销
              </Button>
            )}
          </div>
        )
      })}
    </section>
  )
}
