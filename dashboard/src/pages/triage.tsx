import { useQuery } from '@tanstack/react-query'
import { Button, Drawer, Empty, Segmented, Skeleton } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { PostItem, TriageAnswer } from '../../../api/posts/routes.ts'
import { get } from '../api.ts'
import { BurstStrip } from '../bursts/strip.tsx'
import { DismissDialog } from '../dismiss-dialog.tsx'
import { PostPanel } from '../post-detail.tsx'
import { PostRow } from '../post-row.tsx'
import { PageHead } from '../ui/head.tsx'
import { usePhone } from '../ui/use-phone.ts'
import { useTriage } from '../use-triage.ts'

type View = 'open' | 'new' | 'dismissed'
const EMPTY: Record<View, string> = {
  open: '没有待处理的线索。新帖子读到后自动出现在这里。',
  new: '上次看过之后没有新线索。',
  dismissed: '没有标为不予处理的线索。',
}

/** The duty officer's desk: what was flagged, why, and one key to decide it. */
export function Triage() {
  // In the address: a page that is loaded again shows what it showed.
  const [params, setParams] = useSearchParams()
  const asked = params.get('view')
  const view: View = asked === 'new' || asked === 'dismissed' ? asked : 'open'
  const [at, setAt] = useState<number | null>(null)
  const [opened, setOpened] = useState(false)
  const [dismissing, setDismissing] = useState<PostItem | null>(null)
  const phone = usePhone()
  const { data, isPending } = useQuery({
    queryKey: ['triage', view],
    queryFn: () => get<TriageAnswer>(`/api/triage?view=${view}`),
    refetchInterval: 5_000,
    placeholderData: previous => previous,
  })
  const items = data?.items ?? []
  const index = Math.max(
    0,
    items.findIndex(({ id }) => id === at),
  )
  const current = items[index] ?? null
  const triage = useTriage()
  const list = useRef<HTMLDivElement>(null)

  const move = useCallback(
    (to: number) => {
      const next = items[Math.min(Math.max(to, 0), items.length - 1)]
      if (!next) return
      setAt(next.id)
      list.current?.querySelector(`[data-post="${next.id}"]`)?.scrollIntoView({ block: 'nearest' })
    },
    [items],
  )
  const undo = useCallback(
    async (item?: PostItem) => {
      const id = await triage.undo(item)
      if (id !== null) setAt(id)
    },
    [triage],
  )

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target, key } = event
      if (event.ctrlKey || event.metaKey || event.altKey || dismissing) return
      if (target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return
      const open = current?.flag?.state === 'open'
      if (key === 'j' || key === 'ArrowDown') move(index + 1)
      else if (key === 'k' || key === 'ArrowUp') move(index - 1)
      else if (key === 'Enter' && current && !(target instanceof HTMLButtonElement)) setOpened(true)
      else if (key === 'd' && current && open) setDismissing(current)
      else if (key === 's' && current && open) void triage.makeSlip([current])
      else if (key === 'u') void undo()
      else if (key === 'o' && current) window.open(current.url, '_blank', 'noopener')
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [index, current, dismissing, move, triage, undo])

  const newest = data && data.newestSeq > data.seenSeq ? data.newestSeq : null
  const actions = current && (
    <div className="desk-actions">
      {current.flag?.state === 'dismissed' ? (
        <Button type="primary" onClick={() => void undo(current)}>
          撤销不予处理 <kbd>u</kbd>
        </Button>
      ) : (
        <>
          <Button type="primary" onClick={() => void triage.makeSlip([current])}>
            做处理单 <kbd>s</kbd>
          </Button>
          <Button onClick={() => setDismissing(current)}>
            不予处理 <kbd>d</kbd>
          </Button>
        </>
      )}
      <Button type="link" href={current.url} target="_blank" rel="noreferrer noopener">
        打开原帖 <kbd>o</kbd>
      </Button>
    </div>
  )
  return (
    <>
      <PageHead title="工作台" hint={<Keys />}>
        <Segmented
          value={view}
          onChange={next => setParams(next === 'open' ? {} : { view: next }, { replace: true })}
          options={[
            { value: 'open', label: `待处理 ${data?.open ?? ''}` },
            { value: 'new', label: '上次以来新增' },
            { value: 'dismissed', label: '不予处理' },
          ]}
        />
        {newest !== null && <Button onClick={() => void triage.seen(newest)}>看到这里</Button>}
      </PageHead>
      <BurstStrip />
      <div className="desk">
        <div className="panel flush desk-list" ref={list}>
          {isPending && <Skeleton active className="pad" paragraph={{ rows: 8 }} />}
          {!isPending && !items.length && <Empty description={EMPTY[view]} className="pad" />}
          {items.map(item => (
            <PostRow
              key={item.id}
              item={item}
              isNew={Boolean(data && item.flag && item.flag.seq > data.seenSeq)}
              current={!phone && item.id === current?.id}
              onPick={() => {
                setAt(item.id)
                setOpened(true)
              }}
            />
          ))}
        </div>
        {!phone && (
          <div className="desk-detail">
            {actions}
            <PostPanel id={current?.id ?? null} />
          </div>
        )}
      </div>
      {phone && (
        <Drawer
          open={opened && current !== null}
          placement="right"
          size="100%"
          title="线索"
          onClose={() => setOpened(false)}
          footer={actions}
          className="phone-detail"
        >
          <PostPanel id={current?.id ?? null} />
        </Drawer>
      )}
      {dismissing && (
        <DismissDialog
          item={dismissing}
          onClose={() => setDismissing(null)}
          onDone={async (reason, note) => {
            const next = items[index + 1] ?? items[index - 1] ?? null
            if (!(await triage.dismiss(dismissing, reason, note))) return false
            setDismissing(null)
            setOpened(false)
            setAt(next?.id ?? null)
            return true
          }}
        />
      )}
    </>
  )
}

const KEYS = [
  ['j k', '上下移动'],
  ['s', '做处理单'],
  ['d', '不予处理'],
  ['u', '撤销'],
  ['o', '原帖'],
] as const

const Keys = () => (
  <span className="keys">
    {KEYS.map(([keys, what]) => (
      <span key={keys}>
        {keys.split(' ').map(key => (
          <kbd key={key}>{key}</kbd>
        ))}
        {what}
      </span>
    ))}
  </span>
)
