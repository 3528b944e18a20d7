import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { FeedbackView } from '../../../api/rules/routes.ts'
import { get, post } from '../api.ts'
import { dateTime } from '../format.ts'
import { has, useSession } from '../session.tsx'
import { WhyDialog } from './why-dialog.tsx'

const STATES = {
  proposed: '待定',
  live: '启用中',
  retired: '已停用',
  rejected: '未采用',
  replaced: '已被新建议取代',
} as const
const TONES = { proposed: 'amber', live: 'green', retired: '', rejected: '', replaced: '' } as const
const EARLIER = 5

interface Asked {
  id: number
  act: 'live' | 'reject' | 'retire'
}
const TITLES = { live: '启用这组反馈', reject: '不采用这组反馈', retire: '停用值班反馈' } as const

/** 值班反馈: what decisions of duty staff taught, its effect on the last 30 days, and whether it counts. */
export function Feedback() {
  const queries = useQueryClient()
  const office = has(useSession(), 'office', 'office_head')
  const [asked, setAsked] = useState<Asked | null>(null)
  const { data } = useQuery({
    queryKey: ['feedback'],
    queryFn: () => get<FeedbackView[]>('/api/feedback'),
  })
  if (!data) return null
  const current = data.filter(({ state }) => state === 'live' || state === 'proposed')
  const earlier = data.filter(each => !current.includes(each)).slice(0, EARLIER)
  const one = (set: FeedbackView) => (
    <FeedbackSetView key={set.id} set={set} office={office} onAsk={act => setAsked({ id: set.id, act })} />
  )
  return (
    <section className="panel gap-below" aria-label="值班反馈">
      <div className="panel-head">
        <h2>值班反馈</h2>
      </div>
      <p className="muted">
        每晚从近半年的处理结果里找出采用多、排除多的词，分数有上限（单词 0.2、合计
        0.3），只影响主题分。先看对最近 30 天的影响，由办公室启用后才生效，随时可以停用。
      </p>
      {!data.length && <p>处理过的线索还不够多，暂无建议。</p>}
      {data.length > 0 && !current.length && <p>目前没有启用的反馈，也没有待定的建议。</p>}
      {current.map(one)}
      {earlier.length > 0 && (
        <details>
          <summary>以前的（{earlier.length}）</summary>
          {earlier.map(one)}
        </details>
      )}
      {asked && (
        <Ask
          asked={asked}
          onClose={() => setAsked(null)}
          onDone={() => queries.invalidateQueries({ queryKey: ['feedback'] })}
        />
      )}
    </section>
  )
}

const signed = (points: number) => `${points > 0 ? '+' : '−'}${Math.abs(points).toFixed(2)}`

function FeedbackSetView(props: { set: FeedbackView; office: boolean; onAsk(act: Asked['act']): void }) {
  const { set, office, onAsk } = props
  const { effect } = set
  return (
    <div className="floor">
      <div className="row-actions">
        <b>第 {set.id} 组</b>
        <span className={`pill ${TONES[set.state]}`}>{STATES[set.state]}</span>
        <span className="muted">
          {dateTime(set.createdAt)}，据 {set.kept + set.dismissed} 条处理结果（认可 {set.kept}，排除{' '}
          {set.dismissed}）
        </span>
      </div>
      {set.decidedBy && (
        <div className="muted">
          {set.decidedBy} {dateTime(set.decidedAt)}：{set.decidedWhy}
        </div>
      )}
      <p>
        最近 {effect.days} 天 {effect.posts} 条帖子：提示由 {effect.before} 条变为 {effect.after} 条，新增{' '}
        {effect.added.count} 条，少掉 {effect.lost.count} 条；其中已处理的，会少看 {effect.dismissedSpared}{' '}
        条误报，也会漏掉 {effect.keptLost} 条认可的。
      </p>
      <p className="feedback-words">
        {set.words.map(({ word, points, kept, dismissed }) => (
          <span
            key={word}
            className={`pill ${points > 0 ? 'green' : 'red'}`}
            title={`认可 ${kept}，排除 ${dismissed}`}
          >
            {word} {signed(points)}
          </span>
        ))}
      </p>
      {(['added', 'lost'] as const).map(side =>
        effect[side].samples.length ? (
          <details key={side}>
            <summary>
              {side === 'added' ? '新增' : '少掉'}（前 {effect[side].samples.length} 条）
            </summary>
            <ul>
              {effect[side].samples.map(sample => (
                <li key={sample.postId}>
                  <Link to={`/posts?post=${sample.postId}`}>
                    {sample.title ?? sample.excerpt.slice(0, 40)}
                  </Link>
                </li>
              ))}
            </ul>
          </details>
        ) : null,
      )}
      {office && (
        <div className="row-actions gap-above">
          {set.state !== 'live' && set.state !== 'rejected' && (
            <Button type={set.state === 'proposed' ? 'primary' : 'default'} onClick={() => onAsk('live')}>
              {set.state === 'proposed' ? '启用' : '恢复启用'}
            </Button>
          )}
          {set.state === 'proposed' && <Button onClick={() => onAsk('reject')}>不采用</Button>}
          {set.state === 'live' && (
            <Button danger onClick={() => onAsk('retire')}>
              停用
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

function Ask({ asked: { id, act }, onClose, onDone }: AskProps) {
  return (
    <WhyDialog
      title={TITLES[act]}
      placeholder="理由，留作记录"
      danger={act === 'retire'}
      send={why => post(`/api/feedback/${id}/${act}`, { why })}
      onClose={onClose}
      onDone={onDone}
    />
  )
}

interface AskProps {
  asked: Asked
  onClose(): void
  onDone(): Promise<unknown>
}
