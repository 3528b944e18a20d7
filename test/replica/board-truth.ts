import type { SourceConfig } from '../../crawlers/site.ts'
import { type Board, isShown, type Thread } from './board.ts'
import { NO_COUNTS, shown, type Truth } from './host.ts'

/** What a perfect crawl of a board holds; `precision` = the finest that its thread pages show. */
export const boardTruth = (board: Board, source: SourceConfig, precision: 'second' | 'minute'): Truth[] =>
  [...board.threads.values()].flatMap(thread => threadTruth(board, thread, source, precision))

const UNKNOWN_TIME = { publishedAt: null, publishedPrecision: null }

function threadTruth(
  board: Board,
  thread: Thread,
  source: SourceConfig,
  precision: 'second' | 'minute',
): Truth[] {
  // Never seen alive: nothing of it can be known.
  if (thread.deleted) return []
  const boardName = board.fids.find(({ fid }) => fid === thread.fid)?.name ?? null
  const closed = thread.loginOnly
  return (closed ? thread.floors.slice(0, 1) : thread.floors).map((floor, i) => {
    const open = !closed && isShown(floor)
    const { images, files, quote } = floor
    return {
      source: source.id,
      key: i ? `${thread.tid}#${floor.pid}` : String(thread.tid),
      kind: i ? 'reply' : 'thread',
      parent: i ? String(thread.tid) : null,
      floor: i + 1,
      board: boardName,
      title: i ? null : thread.title,
      author: closed ? { id: null, name: null } : { id: String(floor.author.uid), name: floor.author.name },
      text: open ? floor.text : '',
      quote: quote && open ? quote.text : null,
      images: open ? images.map(path => ({ url: new URL(path, source.url).href })) : [],
      ...(open &&
        files.length && {
          attachments: files.map(file => ({ name: file.name, url: fileUrl(source, file.aid) })),
        }),
      ...(open && !i && thread.poll && source.engine === 'discuz' && { poll: thread.poll }),
      ...(closed ? UNKNOWN_TIME : shown(floor.at, precision)),
      counts:
        i || closed ? NO_COUNTS : { ...NO_COUNTS, views: thread.views, replies: thread.floors.length - 1 },
      place: null,
      state: open ? 'visible' : 'restricted',
    }
  })
}

/** Where the program of that board keeps what is hung on a post. */
export function filePath(engine: SourceConfig['engine'], variant: string | undefined, aid: number): string {
  if (engine === 'discuz') return `forum.php?mod=attachment&aid=${aid}`
  return engine === 'phpwind' && variant !== '8.7'
    ? `index.php?m=bbs&c=attach&a=download&aid=${aid}`
    : `job.php?action=download&aid=${aid}`
}
const fileUrl = ({ engine, variant, url }: SourceConfig, aid: number): string =>
  new URL(filePath(engine, variant, aid), url).href
