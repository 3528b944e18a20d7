import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Empty, Segmented, Skeleton } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { InboxAnswer, InboxItem } from '../../../api/notices/routes.ts'
import { NOTICE_TOPICS } from '../../../api/vocabulary.ts'
import { get, post } from '../api.ts'
import { ago, dateTime } from '../format.ts'
import { useFail } from '../ui/use-act.ts'

/** Newest first; opening one marks it read, reminders are acknowledged (they climb otherwise). */
export function Inbox() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const fail = useFail()
  const [unread, setUnread] = useState(false)
  const { data, isPending, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['notices', 'inbox', unread],
    initialPageParam: null as number | null,
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams({
        ...(unread && { unread: 'true' }),
        ...(pageParam !== null && { before: String(pageParam) }),
      })
      return get<InboxAnswer>(`/api/notices?${query}`)
    },
    getNextPageParam: last => (last.items.length === 50 ? (last.items.at(-1)?.id ?? null) : null),
  })
  const items = data?.pages.flatMap(page => page.items) ?? []
  async function send(path: string, body: object = {}): Promise<void> {
    try {
      await post(path, body)
    } catch (problem) {
      fail(problem)
    }
    await queries.invalidateQueries({ queryKey: ['notices'] })
  }
  const open = async (item: InboxItem) => {
    if (item.readAt === null) await send(`/api/notices/${item.id}/read`)
    if (item.link) void navigate(item.link)
  }
  return (
    <>
      <div className="filters">
        <Segmented
          value={unread ? 'unread' : 'all'}
          onChange={value => setUnread(value === 'unread')}
          options={[
            { value: 'all', label: '全部' },
            { value: 'unread', label: `未读 ${data?.pages[0]?.unread ?? ''}` },
          ]}
        />
        <Button disabled={!data?.pages[0]?.unread} onClick={() => void send('/api/notices/read-all')}>
          全部已读
        </Button>
      </div>
      <div className="panel flush">
        {isPending && <Skeleton active className="pad" />}
        {!isPending && !items.length && (
          <Empty className="pad" description={unread ? '没有未读通知。' : '还没有收到通知。'} />
        )}
        {items.map(item => (
          <article key={item.id} className={item.readAt === null ? 'notice new' : 'notice'}>
            <button type="button" onClick={() => void open(item)}>
              <span className="post-row-meta">
                <span className={`pill ${item.urgent ? 'solid-red' : 'blue'}`}>
                  {NOTICE_TOPICS[item.topic]}
                </span>
                <span title={dateTime(item.createdAt)}>{ago(item.createdAt, Date.now())}</span>
              </span>
              <b>{item.title}</b>
              <span className="text">{item.body}</span>
            </button>
            {item.topic === 'deadline' &&
              (item.acknowledgedAt === null ? (
                <Button
                  size="small"
                  onClick={() => void send(`/api/notices/${item.id}/read`, { acknowledge: true })}
                >
                  知道了
                </Button>
              ) : (
                <span className="muted">已确认 {dateTime(item.acknowledgedAt)}</span>
              ))}
          </article>
        ))}
      </div>
      {hasNextPage && (
        <Button block onClick={() => void fetchNextPage()}>
          更多
        </Button>
      )}
    </>
  )
}
