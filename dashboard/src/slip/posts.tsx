import { Button } from 'antd'
import { useState } from 'react'
import type { ReplyView, RevealedPost, SlipDetail, SlipPostView } from '../../../api/slips/routes.ts'
import { NO_REPLY_REASONS, POST_STATES, REPLY_MODES, VERIFY_STATES } from '../../../api/vocabulary.ts'
import { post } from '../api.ts'
import { Copies } from '../copies.tsx'
import { dateTime, published } from '../format.ts'
import { Original } from '../original.tsx'
import { usePost } from '../post-detail.tsx'
import { Changes } from '../ui/changes.tsx'
import { Reveal } from '../ui/reveal.tsx'

const VERIFY_TONES = {
  verified: 'green',
  different: 'red',
  notFound: 'red',
  gone: 'red',
  unverified: 'amber',
} as const

/** 件件有反馈: each post of the slip with the answer it got. */
export function Posts({ slip }: { slip: SlipDetail }) {
  const [revealed, setRevealed] = useState<RevealedPost[]>([])
  const entries = slip.entries.filter(({ detachedAt }) => detachedAt === null)
  const reveal = () => post<RevealedPost[]>(`/api/slips/${slip.id}/reveal`).then(setRevealed)
  return (
    <section className="panel" aria-label="帖子与回复">
      <div className="panel-head">
        <h2>帖子与回复</h2>
        <span className="muted">{entries.length} 条</span>
        {!revealed.length && <Reveal reveal={reveal} />}
      </div>
      {entries.map(entry => (
        <Entry key={entry.id} entry={{ ...entry, ...revealed.find(({ id }) => id === entry.id) }} />
      ))}
    </section>
  )
}

function Entry({ entry }: { entry: SlipPostView }) {
  const [looking, setLooking] = useState(false)
  const { data: copies } = usePost(looking ? entry.postId : null)
  return (
    <article className="entry">
      <b>{entry.title ?? '（无标题）'}</b>
      <div className="post-meta">
        <span>{entry.platform}</span>
        {entry.board && <span>{entry.board}</span>}
        <span>{entry.author ?? '作者未显示'}</span>
        <span>发布 {published(entry.publishedAt, entry.publishedPrecision)}</span>
        {entry.url ? (
          <a href={entry.url} target="_blank" rel="noreferrer noopener">
            打开原帖
          </a>
        ) : (
          <span>无网址：{entry.noUrlReason}</span>
        )}
        {entry.state && entry.state !== 'visible' && (
          <span className="pill red">{POST_STATES[entry.state]}</span>
        )}
        {entry.copies > 0 && (
          <Button type="link" size="small" onClick={() => setLooking(!looking)}>
            另有相同或附和的 {entry.copies} 条
          </Button>
        )}
      </div>
      {entry.original && <Original original={entry.original} />}
      {looking && copies && <Copies post={copies} />}
      <div className="text">{entry.text}</div>
      {entry.replies.map(reply => (
        <Reply key={reply.id} reply={reply} />
      ))}
    </article>
  )
}

function Reply({ reply }: { reply: ReplyView }) {
  if (reply.kind === 'none')
    return (
      <div className="inset reply">
        <span className="pill">不回复</span> {reply.noReplyReason && NO_REPLY_REASONS[reply.noReplyReason]}{' '}
        {reply.reason}
        <span className="muted number"> {dateTime(reply.repliedAt)}</span>
      </div>
    )
  return (
    <div className="inset reply">
      <div className="post-meta">
        {reply.mode === 'public' && (
          <span className={`pill ${VERIFY_TONES[reply.verify]}`}>
            {VERIFY_STATES[reply.verify]}
            {reply.goneAt !== null && `（${dateTime(reply.goneAt)} 起）`}
          </span>
        )}
        {reply.nextReadAt !== null && (
          <span className="muted">{dateTime(reply.nextReadAt)} 起回看页面核验；也可上传回复截图佐证</span>
        )}
        <span>
          {reply.round > 1 && `第 ${reply.round} 轮 · `}
          {reply.kind === 'initial' && '初步回应 · '}
          {REPLY_MODES[reply.mode]} · {reply.account?.name}
        </span>
        <span className="number">{dateTime(reply.repliedAt)}</span>
        {reply.url && (
          <a href={reply.url} target="_blank" rel="noreferrer noopener">
            打开回复
          </a>
        )}
      </div>
      {reply.verifyDifference === null ? (
        <div className="text">{reply.text}</div>
      ) : (
        <>
          <div className="muted">页面上的文字与审核同意的文稿不同，红色为缺少，绿色为多出：</div>
          <Changes from={reply.text} to={reply.verifyDifference} />
        </>
      )}
      {reply.evidence.length > 0 && (
        <div className="thumbs">
          {reply.evidence.map(each => (
            <a key={each.id} href={`/api/evidence/${each.id}`} target="_blank" rel="noreferrer noopener">
              {each.kind === 'page' ? (
                '网页原文'
              ) : (
                <img src={`/api/evidence/${each.id}`} alt={each.fileName ?? '截图'} loading="lazy" />
              )}
            </a>
          ))}
        </div>
      )}
    </div>
  )
}
