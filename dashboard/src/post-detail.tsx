import { useQuery } from '@tanstack/react-query'
import { Collapse, Empty, Skeleton } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { PostDetail } from '../../api/posts/routes.ts'
import {
  EVENT_CLASSES,
  EVIDENCE_KINDS,
  MOODS,
  POST_STATES,
  SLIP_STATES,
  type SlipState,
} from '../../api/vocabulary.ts'
import { get, post as send } from './api.ts'
import { Copies } from './copies.tsx'
import { EventOfPost } from './events/of-post.tsx'
import { dateTime, published } from './format.ts'
import { Marked } from './marked.tsx'
import { Original } from './original.tsx'
import { Changes } from './ui/changes.tsx'
import { Reveal } from './ui/reveal.tsx'

export const usePost = (id: number | null) =>
  useQuery({
    queryKey: ['post', id],
    queryFn: () => get<PostDetail>(`/api/posts/${id}`),
    enabled: id !== null,
  })

/** The post, why it was flagged, its thread: everything that triage needs. */
export function PostPanel({ id }: { id: number | null }) {
  if (id === null)
    return (
      <div className="panel">
        <Empty description="从左侧选择一条，这里显示全文和理由。" />
      </div>
    )
  return <OnePost key={id} id={id} />
}

function OnePost({ id }: { id: number }) {
  const { data, error } = usePost(id)
  // Only here, and only while it is looked at: opened again it is hidden again.
  const [revealed, setRevealed] = useState<PostDetail | null>(null)
  const post = revealed ?? data
  if (error)
    return (
      <div className="panel">
        <Empty description={error.message} />
      </div>
    )
  if (!post)
    return (
      <div className="panel">
        <Skeleton active paragraph={{ rows: 8 }} />
      </div>
    )
  const spans = (post.analysis?.reasons ?? []).flatMap(reason => (reason.points > 0 ? reason.spans : []))
  const inField = (field: string) => spans.filter(span => span.field === field)
  return (
    <article className="panel post">
      <h2>
        {post.title ? (
          <Marked text={post.title} ranges={inField('title')} />
        ) : post.kind === 'reply' ? (
          '回帖'
        ) : (
          '（无标题）'
        )}
      </h2>
      <Meta post={post}>
        {post.masked && post.mayReveal && (
          <Reveal reveal={() => send<PostDetail>(`/api/posts/${post.id}/reveal`).then(setRevealed)} />
        )}
      </Meta>
      {post.original && <Original original={post.original} />}
      {post.quote && <blockquote className="inset text muted">{post.quote}</blockquote>}
      <Hung post={post} />
      <div className="text post-text">
        {post.text ? <Marked text={post.text} ranges={inField('text')} /> : '（没有正文）'}
      </div>
      {post.poll && <PollOfPost poll={post.poll} />}
      <EventOfPost postId={post.id} />
      <Why post={post} />
      <More post={post} />
    </article>
  )
}

/** Pictures and files of the post, named only: they stay where they are. */
function Hung({ post: { images, attachments } }: { post: PostDetail }) {
  const parts = [
    ...(images.length ? [`图片 ${images.length} 张`] : []),
    ...(attachments.length ? [`附件：${attachments.map(({ name }) => name).join('、')}`] : []),
  ]
  return parts.length ? <p className="muted">{parts.join('；')}</p> : null
}

/** What was asked and how others voted, as last seen. */
function PollOfPost({ poll: { voters, options } }: { poll: NonNullable<PostDetail['poll']> }) {
  return (
    <section className="inset gap-below" aria-label="投票">
      <b>投票</b>
      {voters !== null && <span className="muted">（{voters} 人参与）</span>}
      <ul className="poll">
        {options.map(({ text, votes }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two options may say the same
          <li key={at}>
            {text} <span className="muted">{votes === null ? '票数未显示' : `${votes} 票`}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Meta({ post, children }: { post: PostDetail; children: React.ReactNode }) {
  return (
    <div className="post-meta">
      <span>{post.source.name}</span>
      {post.board && <span>{post.board}</span>}
      <span>{post.author ?? '作者未显示'}</span>
      {children}
      <span>发布 {published(post.publishedAt, post.publishedPrecision)}</span>
      {post.views !== null && <span>浏览 {post.views}</span>}
      {post.replies !== null && <span>回复 {post.replies}</span>}
      {post.state !== 'visible' && (
        <span className="pill red">
          {POST_STATES[post.state]}
          {post.goneAt !== null &&
            `：${dateTime(post.goneAt)} 已看不到，最后见于 ${dateTime(post.seenAt)}，以下为留存`}
        </span>
      )}
      {post.backfilled && <span className="pill blue">补采：发布于本系统看护该版块之前</span>}
      {post.slips.map(slip => (
        <Link key={slip.id} to={`/slips/${slip.id}`} className="pill green">
          处理单 {slip.number} {SLIP_STATES[slip.status as SlipState]}
        </Link>
      ))}
    </div>
  )
}

const GATES = { topic: '主题', actionable: '需处置', local: '本地' } as const

function Why({ post }: { post: PostDetail }) {
  const { flag, analysis, original } = post
  if (!analysis) return <p className="muted">正在分析，稍后显示理由。</p>
  return (
    <section className="inset why" aria-label="为什么提示">
      <div className="panel-head">
        <h2>{flag ? '为什么提示' : original ? '为什么没有单独提示' : '为什么没有提示'}</h2>
        <span className="grow" />
        <span className="muted number">得分 {analysis.score.toFixed(2)}</span>
      </div>
      <div className="gates">
        {(Object.keys(GATES) as (keyof typeof GATES)[]).map(gate => (
          <div key={gate} className={analysis.gates[gate] >= 0.5 ? 'gate' : 'gate shut'}>
            <span>{GATES[gate]}</span>
            <meter min={0} max={1} value={analysis.gates[gate]} aria-label={GATES[gate]} />
            <span className="number">{analysis.gates[gate].toFixed(2)}</span>
          </div>
        ))}
      </div>
      <ul>
        {analysis.reasons
          .filter(({ kind }) => kind !== 'score')
          .map(reason => (
            <li key={`${reason.kind}${reason.rule}${reason.message}`}>
              {reason.message}
              {reason.points !== 0 && (
                <span className="muted number points">
                  {reason.points > 0 ? '+' : ''}
                  {reason.points.toFixed(2)}
                </span>
              )}
            </li>
          ))}
      </ul>
      <Read post={post} />
      {flag && (
        <p className="muted">
          建议：{flag.concern === 'own' ? '我局办理' : '关注'}
          {flag.unit && ` · ${flag.unit.name}`}
          {flag.topics.length > 0 && ` · ${flag.topics.join('、')}`}
          {flag.eventClass && ` · ${EVENT_CLASSES[flag.eventClass]}`}
        </p>
      )}
    </section>
  )
}

/** What else was read out of the text: its mood and its places, each with the words that say so. */
function Read({ post }: { post: PostDetail }) {
  const { sentiment = null, places = [] } = post.analysis ?? {}
  const named = [...Map.groupBy(places, ({ name }) => name)]
  if (!sentiment && !named.length) return null
  return (
    <dl className="read">
      {sentiment && (
        <>
          <dt>情感</dt>
          <dd>
            {MOODS[sentiment.label]} <span className="number">{sentiment.score.toFixed(2)}</span>
            <Words texts={sentiment.phrases.map(({ text }) => text)} />
          </dd>
        </>
      )}
      {named.length > 0 && (
        <>
          <dt>地点</dt>
          <dd>
            {named.map(([name, mentions]) => (
              <span key={name}>
                {name}
                {mentions.some(({ inChangzhou }) => inChangzhou === false) && '（外地）'}
                <Words texts={mentions.map(({ text }) => text).filter(text => text !== name)} />
              </span>
            ))}
          </dd>
        </>
      )}
    </dl>
  )
}

const Words = ({ texts }: { texts: string[] }) =>
  [...new Set(texts)].map(text => <mark key={text}>{text}</mark>)

const evidenceName = ({ fileName, kind }: PostDetail['evidence'][number]) =>
  fileName ?? EVIDENCE_KINDS[kind as keyof typeof EVIDENCE_KINDS] ?? kind

/** What is looked at now and then: folded. */
function More({ post }: { post: PostDetail }) {
  const others = post.thread.filter(floor => floor.id !== post.id)
  const sections = [
    others.length > 0 && {
      key: 'thread',
      label: `同主题的其他楼层（${others.length}）`,
      children: others.map(floor => (
        <div key={floor.id} className="floor">
          <span className="muted">
            {floor.author ?? '匿名'} {published(floor.publishedAt, floor.publishedPrecision)}
          </span>
          <div className="text">{floor.excerpt}</div>
        </div>
      )),
    },
    post.copiesOf.length > 0 && {
      key: 'copies',
      label: `相同内容和附和的跟帖（${post.copiesOf.length}）`,
      children: <Copies post={post} />,
    },
    post.revisions.length > 1 && {
      key: 'revisions',
      label: `正文改过 ${post.revisions.length - 1} 次`,
      children: post.revisions.slice(1).map((revision, i) => (
        <div key={revision.revision} className="floor">
          <span className="muted">{dateTime(revision.seenAt)} 看到改动</span>
          <Changes from={post.revisions[i]?.text ?? ''} to={revision.text} />
        </div>
      )),
    },
    post.evidence.length > 0 && {
      key: 'evidence',
      label: `留存的页面（${post.evidence.length}）`,
      children: post.evidence.map(each => (
        <div key={each.id} className="floor">
          {post.mayReveal || each.kind === 'screenshot' ? (
            <a
              href={`/api/evidence/${each.id}`}
              target="_blank"
              rel="noreferrer noopener"
              title="网页原文没有隐去姓名、电话等；查看会留下记录"
            >
              {evidenceName(each)}
            </a>
          ) : (
            evidenceName(each)
          )}{' '}
          <span className="muted">{dateTime(each.capturedAt)}</span>
        </div>
      )),
    },
  ].filter(section => section !== false)
  return sections.length > 0 ? <Collapse ghost size="small" items={sections} className="post-more" /> : null
}
