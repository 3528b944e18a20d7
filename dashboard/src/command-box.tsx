import { SearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Input, Modal } from 'antd'
import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import type { PersonView } from '../../api/people/routes.ts'
import type { PostSearchAnswer } from '../../api/posts/routes.ts'
import type { SlipListItem } from '../../api/slips/routes.ts'
import { ROLES, SLIP_STATES } from '../../api/vocabulary.ts'
import { get } from './api.ts'
import type { Page } from './menu.tsx'

interface Hit {
  key: string
  group: string
  title: string
  note: string
  to: string
}

const EACH = 5
const SETTLE_MS = 180

/** Ctrl+K: pages, slips, posts and people by any part of their name; arrows and enter, no mouse needed. */
export function CommandBox({ pages }: { pages: Page[] }) {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      setOpen(true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <>
      <Button className="command-button" icon={<SearchOutlined aria-hidden />} onClick={() => setOpen(true)}>
        <span>
          查找 <kbd>Ctrl K</kbd>
        </span>
      </Button>
      {open && <Box pages={pages} onClose={() => setOpen(false)} />}
    </>
  )
}

function Box({ pages, onClose }: { pages: Page[]; onClose(): void }) {
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const navigate = useNavigate()
  const words = typed.trim()
  const hits = useHits(pages, words, useSettled(words) === words)
  const go = (hit: Hit | undefined) => {
    if (!hit) return
    onClose()
    void navigate(hit.to)
  }
  const onKey = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, hits.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (event.key === 'Enter') go(hits[at])
    else return
    event.preventDefault()
  }
  return (
    <Modal
      open
      footer={null}
      closable={false}
      mask={{ closable: true }}
      onCancel={onClose}
      width={620}
      className="command"
    >
      <Input
        autoFocus
        size="large"
        variant="borderless"
        prefix={<SearchOutlined aria-hidden />}
        aria-label="查找"
        placeholder="处理单、帖子、人员、页面"
        value={typed}
        onChange={event => {
          setTyped(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKey}
      />
      <div className="hits">
        {hits.map((hit, i) => (
          <div key={hit.key}>
            {hit.group !== hits[i - 1]?.group && <h2>{hit.group}</h2>}
            <button
              type="button"
              className="hit"
              aria-current={i === at}
              onMouseMove={() => setAt(i)}
              onClick={() => go(hit)}
            >
              <span>{hit.title}</span>
              <span className="muted">{hit.note}</span>
            </button>
          </div>
        ))}
        {typed.trim() && !hits.length && <p className="muted pad">没有找到。</p>}
      </div>
    </Modal>
  )
}

/** What was typed, once the fingers rest. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), SETTLE_MS)
    return () => window.clearTimeout(timer)
  }, [value])
  return settled
}

/** `settled`: only then is the server asked; what stands here follows every key, so that enter never takes an old hit. */
function useHits(pages: Page[], words: string, settled: boolean): Hit[] {
  const may = (path: string) => pages.some(page => page.path === path)
  const asked = encodeURIComponent(words)
  const slips = useQuery({
    queryKey: ['slips', 'command', words],
    queryFn: () => get<{ items: SlipListItem[] }>(`/api/slips?text=${asked}`),
    enabled: settled && words !== '' && may('/slips'),
  }).data
  const posts = useQuery({
    queryKey: ['posts', 'command', words],
    queryFn: () => get<PostSearchAnswer>(`/api/posts?limit=${EACH}&text=${asked}`),
    enabled: settled && words !== '' && may('/posts'),
  }).data
  const people = useQuery({
    queryKey: ['/api/people'],
    queryFn: () => get<PersonView[]>('/api/people'),
    enabled: words !== '' && may('/people'),
  }).data
  return [
    ...pages
      .filter(({ name }) => name.includes(words))
      .map(({ path, name }) => ({ key: path, group: '页面', title: name, note: '', to: path })),
    ...(words ? (slips?.items ?? []) : []).slice(0, EACH).map(slip => ({
      key: `slip${slip.id}`,
      group: '处理单',
      title: slip.title,
      note: `${slip.number ?? '草稿'} ${SLIP_STATES[slip.status]}`,
      to: `/slips/${slip.id}`,
    })),
    ...(words ? (posts?.items ?? []) : []).map(post => ({
      key: `post${post.id}`,
      group: '帖子',
      title: post.title ?? post.excerpt.slice(0, 50),
      note: post.source.name,
      to: `/posts?text=${asked}&post=${post.id}`,
    })),
    ...(words ? (people ?? []) : [])
      .filter(({ name, login }) => name.includes(words) || login.includes(words))
      .slice(0, EACH)
      .map(person => ({
        key: `person${person.id}`,
        group: '人员',
        title: person.name,
        note: `${person.unit?.name ?? ''} ${person.roles.map(role => ROLES[role]).join('、')}`,
        to: '/people',
      })),
  ]
}
