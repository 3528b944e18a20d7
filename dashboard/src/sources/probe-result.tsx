import { Alert } from 'antd'
import type { ProbeView } from '../../../api/sources/routes.ts'
import { CRAWL_ERRORS, ENGINE_NAMES, POST_STATES } from '../../../api/vocabulary.ts'
import { dateTime, published } from '../format.ts'

const ROLES = { list: '版块列表', thread: '帖子或文章', feed: '订阅源', front: '网站首页' } as const

/** What the program made of a pasted address: what it takes it for, and every field as it was read. */
export function ProbeResult({ probe }: { probe: ProbeView }) {
  const { fault, engine } = probe
  if (fault)
    return (
      <Alert
        type="error"
        showIcon
        className="gap-below"
        title={fault.kind === 'robots' ? '该站不允许采集这个路径，不能加入' : CRAWL_ERRORS[fault.kind]}
        description={
          fault.kind === 'robots'
            ? `对方的 robots.txt 禁止访问 ${fault.url}。可改用该站的订阅源，或改为人工录入。`
            : fault.message
        }
      />
    )
  if (!engine)
    return (
      <Alert
        type="warning"
        showIcon
        className="gap-below"
        title="认不出这是哪一类网站"
        description={probe.why.join('；')}
      />
    )
  return (
    <section aria-label="试读结果">
      <Alert
        type={probe.confidence >= 0.5 ? 'success' : 'warning'}
        showIcon
        className="gap-below"
        title={`${ENGINE_NAMES[engine]}${probe.role ? ` · ${ROLES[probe.role]}` : ''}`}
        description={`${probe.why.join('；')}${probe.confidence < 0.5 ? '。把握不大，请核对下面读到的内容' : ''}`}
      />
      {probe.known && (
        <Alert
          type="info"
          showIcon
          className="gap-below"
          title={`「${probe.known.name}」已经在看这个网站，可在它的设置里加版块。`}
        />
      )}
      {probe.list && <List list={probe.list} />}
      {probe.thread && <Thread thread={probe.thread} />}
    </section>
  )
}

const Unread = ({ fields }: { fields: string[] }) =>
  fields.length ? (
    <Alert
      type="warning"
      showIcon
      className="gap-below"
      title={`没有读到：${fields.join('、')}`}
      description="页面可能不显示这些内容；若页面上有，请联系管理员核对读取规则。"
    />
  ) : null

function List({ list }: { list: NonNullable<ProbeView['list']> }) {
  return (
    <section className="inset probe" aria-label="读到的列表">
      <div className="panel-head">
        <h2>列表</h2>
        <span className="muted">
          {list.total} 条{list.hasMore && '，还有下一页'}
        </span>
      </div>
      {list.fault && <Alert type="error" showIcon title={list.fault.message} />}
      <Unread fields={list.unread} />
      {list.rows.map(row => (
        <div key={row.key} className="probe-row">
          <mark title="标题">{row.title}</mark>
          <span className="muted">
            {row.sticky && '置顶 · '}
            {row.replies !== null && (
              <>
                回复 <mark title="回复数">{row.replies}</mark>{' '}
              </>
            )}
            {row.views !== null && (
              <>
                浏览 <mark title="浏览数">{row.views}</mark>{' '}
              </>
            )}
            {(row.lastReplyAt ?? row.createdAt) !== null && (
              <mark title="时间">{dateTime(row.lastReplyAt ?? row.createdAt)}</mark>
            )}
          </span>
        </div>
      ))}
    </section>
  )
}

function Thread({ thread }: { thread: NonNullable<ProbeView['thread']> }) {
  return (
    <section className="inset probe" aria-label="读到的帖子">
      <div className="panel-head">
        <h2>{thread.title ? <mark title="标题">{thread.title}</mark> : '内容'}</h2>
        <span className="muted">
          {thread.board && `${thread.board} · `}
          {thread.total} {thread.title ? '层' : '条'}
          {thread.hasMore && '，还有下一页'}
        </span>
      </div>
      {thread.fault && <Alert type="error" showIcon title={thread.fault.message} />}
      <Unread fields={thread.unread} />
      {thread.posts.map(post => (
        <div key={post.key} className="floor">
          <div className="muted">
            {post.floor !== null && `${post.floor} 楼 · `}
            作者 {post.author ? <mark title="作者">{post.author}</mark> : '未读到'} · 发布{' '}
            {post.publishedAt === null ? (
              `未读到${post.publishedRaw ? `（页面写的是「${post.publishedRaw}」）` : ''}`
            ) : (
              <mark title={`页面写的是「${post.publishedRaw}」`}>
                {published(post.publishedAt, post.publishedPrecision)}
              </mark>
            )}
            {post.images > 0 && ` · 图片 ${post.images} 张`}
            {post.state !== 'visible' && ` · ${POST_STATES[post.state]}`}
          </div>
          {post.title && !thread.title && <mark title="标题">{post.title}</mark>}
          {post.quote && <blockquote className="text muted">引用：{post.quote}</blockquote>}
          {post.text && (
            <div className="text">
              <mark title="正文">{post.text}</mark>
            </div>
          )}
        </div>
      ))}
    </section>
  )
}
