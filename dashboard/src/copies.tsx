import type { PostDetail } from '../../api/posts/routes.ts'
import { published } from './format.ts'

/** Posts elsewhere that say the same as this one or agree with it, as many as are counted. */
export const Copies = ({ post }: { post: PostDetail }) =>
  post.copiesOf.map(copy => (
    <div key={copy.id} className="floor">
      <a href={copy.url} target="_blank" rel="noreferrer noopener">
        {copy.title ?? copy.excerpt.slice(0, 40)}
      </a>
      <div className="muted">
        {copy.source.name} {published(copy.publishedAt, copy.publishedPrecision)}
      </div>
    </div>
  ))
