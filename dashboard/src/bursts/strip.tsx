import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { BurstAnswer } from '../../../api/bursts/routes.ts'
import { BURST_KINDS } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'

const SHOWN = 3

/** What grows faster than it usually does, with the figures that say so; nothing where nothing does. */
export function BurstStrip() {
  const { data } = useQuery({
    queryKey: ['bursts'],
    queryFn: () => get<BurstAnswer>('/api/bursts'),
    refetchInterval: 60_000,
  })
  const open = (data?.items ?? []).filter(burst => burst.open)
  if (!open.length) return null
  return (
    <section className="bursts" aria-label="舆情突增">
      {open.slice(0, SHOWN).map(({ id, kind, name, link, evidence }) => (
        <div key={id}>
          <span className="pill red">{BURST_KINDS[kind]}突增</span> <Link to={link}>{name}</Link>{' '}
          <span className="muted">{evidence}</span>
        </div>
      ))}
      {open.length > SHOWN && <Link to="/notices?tab=bursts">另有 {open.length - SHOWN} 项</Link>}
    </section>
  )
}
