import type { EventDetail } from '../../../api/events/routes.ts'
import { EVENT_ACTIONS } from '../../../api/vocabulary.ts'
import { dateTime } from '../format.ts'

const count = (list: unknown) => (Array.isArray(list) ? `${list.length} 条帖子` : null)

function wordsOf({ detail }: EventDetail['decisions'][number]): string {
  const { into, from, title } = detail
  return [
    typeof title === 'string' && `「${title}」`,
    typeof into === 'number' && `到事件 ${into}`,
    typeof from === 'number' && `自事件 ${from}`,
    count(detail.posts ?? detail.postIds),
  ]
    .filter(Boolean)
    .join('，')
}

/** What people decided about this event; the machine never undoes it. */
export function Decisions({ decisions }: { decisions: EventDetail['decisions'] }) {
  return (
    <section className="panel" aria-label="人工核定">
      <h2>人工核定</h2>
      {!decisions.length && <p className="muted">都由系统归并，还没有人改过。</p>}
      {decisions.toReversed().map(each => (
        <div key={`${each.at}${each.action}`} className="floor">
          {EVENT_ACTIONS[each.action as keyof typeof EVENT_ACTIONS] ?? each.action}
          {wordsOf(each) && `：${wordsOf(each)}`}
          <div className="muted">
            {each.by ?? '系统'} {dateTime(each.at)}
          </div>
        </div>
      ))}
    </section>
  )
}
