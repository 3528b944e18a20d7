import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Drawer, Empty, Input, Select, Skeleton } from 'antd'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { PostSearchAnswer } from '../../../api/posts/routes.ts'
import type { SourceView } from '../../../api/sources/routes.ts'
import { get } from '../api.ts'
import { PostPanel } from '../post-detail.tsx'
import { PostRow } from '../post-row.tsx'
import { PageHead } from '../ui/head.tsx'
import { usePhone } from '../ui/use-phone.ts'
import { DayInput } from '../ui/when.tsx'

const TOPICS = ['应急管理', '安全生产', '自然灾害', '部门及直属单位形象', '其他']

/** Everything that was ever read, found by any substring; what was asked stands in the address. */
export function Search() {
  const phone = usePhone()
  const [params, setParams] = useSearchParams()
  const [words, setWords] = useState(params.get('text') ?? '')
  const [at, setAt] = useState<number | null>(Number(params.get('post')) || null)
  const set = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(params)
    next.delete('post')
    if (value) next.set(name, value)
    else next.delete(name)
    setAt(null)
    setParams(next, { replace: true })
  }
  const asked = new URLSearchParams(params)
  asked.delete('post')
  const sources =
    useQuery({ queryKey: ['sources'], queryFn: () => get<SourceView[]>('/api/sources') }).data ?? []
  const { data, isPending, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['posts', asked.toString()],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      get<PostSearchAnswer>(`/api/posts?${asked}${pageParam === null ? '' : `&cursor=${pageParam}`}`),
    getNextPageParam: last => last.next,
  })
  const items = data?.pages.flatMap(page => page.items) ?? []
  const shown = at ?? (phone ? null : (items[0]?.id ?? null))
  return (
    <>
      <PageHead title="检索" hint={data && `共 ${data.pages[0]?.total ?? 0} 条`} />
      <div className="filters">
        <Input.Search
          aria-label="检索词"
          placeholder="任意词语，多个词用空格分开"
          allowClear
          maxLength={100}
          enterButton="检索"
          style={{ maxWidth: 380 }}
          value={words}
          onChange={event => setWords(event.target.value)}
          onSearch={value => set('text', value.trim())}
        />
        <Select
          aria-label="信源"
          allowClear
          placeholder="信源"
          style={{ width: 150 }}
          value={params.get('source')}
          onChange={value => set('source', value ?? undefined)}
          options={sources.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Select
          aria-label="类别"
          allowClear
          placeholder="类别"
          style={{ width: 150 }}
          value={params.get('topic')}
          onChange={value => set('topic', value ?? undefined)}
          options={TOPICS.map(value => ({ value, label: value }))}
        />
        <span className="row-actions">
          <DayInput
            aria-label="起日"
            width={140}
            value={params.get('from')}
            onChange={day => set('from', day)}
          />
          至
          <DayInput aria-label="止日" width={140} value={params.get('to')} onChange={day => set('to', day)} />
        </span>
        <Checkbox
          checked={params.get('flagged') === 'true'}
          onChange={event => set('flagged', event.target.checked ? 'true' : undefined)}
        >
          只看线索
        </Checkbox>
      </div>
      <div className="desk">
        <div className="panel flush desk-list">
          {isPending && <Skeleton active className="pad" paragraph={{ rows: 8 }} />}
          {error && <Empty className="pad" description={error.message} />}
          {data && !items.length && (
            <Empty
              className="pad"
              description={asked.size ? '没有找到，请换个词或放宽条件。' : '还没有读到帖子。'}
            />
          )}
          {items.map(item => (
            <PostRow key={item.id} item={item} current={item.id === shown} onPick={() => setAt(item.id)} />
          ))}
          {hasNextPage && (
            <Button block type="text" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              更多
            </Button>
          )}
        </div>
        {!phone && (
          <div className="desk-detail">
            <PostPanel id={shown} />
          </div>
        )}
      </div>
      {phone && (
        <Drawer
          open={shown !== null}
          placement="right"
          size="100%"
          title="帖子"
          onClose={() => setAt(null)}
          className="phone-detail"
        >
          <PostPanel id={shown} />
        </Drawer>
      )}
    </>
  )
}
