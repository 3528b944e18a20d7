import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import type { EventItem, EventList } from '../../../api/events/routes.ts'
import { get } from '../api.ts'

const DAYS = 60

/** One of the events of the last two months, found by any part of its name. */
export function EventChoice(props: {
  without?: number
  value: EventItem | null
  onChange(event: EventItem | null): void
}) {
  const { without, value, onChange } = props
  const { data, isPending } = useQuery({
    queryKey: ['events', DAYS],
    queryFn: () => get<EventList>(`/api/events?days=${DAYS}&limit=200`),
  })
  const items = (data?.items ?? []).filter(({ id }) => id !== without)
  return (
    <Select
      aria-label="事件"
      showSearch={{ optionFilterProp: 'label' }}
      placeholder="输入名称的一部分"
      loading={isPending}
      notFoundContent={isPending ? '正在读取' : '没有这样的事件'}
      style={{ width: '100%' }}
      value={value?.id ?? null}
      onChange={id => onChange(items.find(item => item.id === id) ?? null)}
      options={items.map(({ id, title, posts }) => ({ value: id, label: `${title}（${posts} 条）` }))}
    />
  )
}
