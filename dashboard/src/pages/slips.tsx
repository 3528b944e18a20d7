import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Button, Empty, Input, Segmented, Select } from 'antd'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { UnitView } from '../../../api/people/routes.ts'
import type { SlipListItem } from '../../../api/slips/routes.ts'
import { LEVELS, SLIP_STATES } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'
import { RegisterButton } from '../slip/register-button.tsx'
import { Due } from '../ui/due.tsx'
import { PageHead } from '../ui/head.tsx'
import { ListPanel } from '../ui/list-panel.tsx'
import { optionsOf } from '../ui/options.ts'
import { LevelPill, StatePill } from '../ui/pills.tsx'
import { slipColumns } from '../ui/slip-columns.tsx'

interface Answer {
  items: SlipListItem[]
  next: number | null
}

export function Slips() {
  const [params, setParams] = useSearchParams()
  const [text, setText] = useState(params.get('text') ?? '')
  const set = (name: string, value: string | undefined) => {
    const next = new URLSearchParams(params)
    if (value) next.set(name, value)
    else next.delete(name)
    setParams(next, { replace: true })
  }
  const { data, isPending, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['slips', params.toString()],
    initialPageParam: null as number | null,
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams(params)
      if (pageParam !== null) query.set('cursor', String(pageParam))
      return get<Answer>(`/api/slips?${query}`)
    },
    getNextPageParam: last => last.next,
  })
  const { data: units } = useQuery({
    queryKey: ['/api/units'],
    queryFn: () => get<UnitView[]>('/api/units'),
  })
  const items = data?.pages.flatMap(page => page.items) ?? []
  const empty = (
    <Empty
      description={
        params.size ? '没有符合条件的处理单。' : '还没有处理单。在工作台选中一条线索按 s 即可填报。'
      }
    />
  )
  return (
    <>
      <PageHead title="处理单">
        <RegisterButton unit={params.get('unit')} level={params.get('level')} />
      </PageHead>
      <div className="filters">
        <Segmented
          value={params.get('open') === 'true' ? 'open' : 'all'}
          onChange={value => set('open', value === 'open' ? 'true' : undefined)}
          options={[
            { value: 'all', label: '全部' },
            { value: 'open', label: '在办' },
          ]}
        />
        <Select
          aria-label="状态"
          allowClear
          placeholder="状态"
          style={{ width: 120 }}
          value={params.get('status')}
          onChange={value => set('status', value ?? undefined)}
          options={optionsOf(SLIP_STATES)}
        />
        <Select
          aria-label="等级"
          allowClear
          placeholder="等级"
          style={{ width: 160 }}
          value={params.get('level')}
          onChange={value => set('level', value ?? undefined)}
          options={optionsOf(LEVELS)}
        />
        <Select
          aria-label="处室"
          allowClear
          placeholder="处室"
          style={{ width: 200 }}
          showSearch={{ optionFilterProp: 'label' }}
          value={params.get('unit')}
          onChange={value => set('unit', value ?? undefined)}
          options={(units ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
        />
        <Input.Search
          aria-label="查找处理单"
          placeholder="标题、编号、概要"
          allowClear
          style={{ maxWidth: 300 }}
          value={text}
          onChange={event => setText(event.target.value)}
          onSearch={value => set('text', value.trim())}
        />
      </div>
      <ListPanel
        items={items}
        keyOf={slip => slip.id}
        isPending={isPending}
        empty={empty}
        card={slip => <Card slip={slip} />}
        columns={[
          {
            title: '处理单',
            render: (_, slip) => (
              <>
                <Link to={`/slips/${slip.id}`}>{slip.title}</Link>
                <div className="post-meta">
                  <span className="number">{slip.number ?? '草稿'}</span>
                  <span>{slip.leadUnit?.name ?? slip.unit.name}</span>
                </div>
              </>
            ),
          },
          ...slipColumns<SlipListItem>(),
          { title: '时限', width: 216, render: (_, slip) => <SlipDue slip={slip} /> },
        ]}
      />
      {hasNextPage && (
        <Button block onClick={() => void fetchNextPage()}>
          更多
        </Button>
      )}
    </>
  )
}

const SlipDue = ({ slip }: { slip: SlipListItem }) => (
  <Due slipId={slip.id} dueAt={slip.dueAt} provisional={slip.provisional} onTime={slip.onTime} />
)

function Card({ slip }: { slip: SlipListItem }) {
  return (
    <>
      <Link to={`/slips/${slip.id}`}>{slip.title}</Link>
      <div className="post-meta">
        <StatePill status={slip.status} />
        <LevelPill level={slip.level} />
        <span className="number">{slip.number ?? '草稿'}</span>
      </div>
      <div className="post-meta">
        <span>{slip.waitingFor}</span>
        <SlipDue slip={slip} />
      </div>
    </>
  )
}
