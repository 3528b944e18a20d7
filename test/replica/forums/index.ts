import type { SourceConfig } from '../../../crawlers/site.ts'
import { Board } from '../board.ts'
import { boardTruth } from '../board-truth.ts'
import { type ReplicaSite, replicaSource, sendText, startHost } from '../host.ts'
import { liveOn, populate } from '../life.ts'
import type { Skin } from './skin.ts'

export { hualongxiang } from './hualongxiang.ts'
export { eight } from './phpwind-eight.ts'
export { nine } from './phpwind-nine.ts'

export interface ForumOptions {
  skin: Skin
  now: () => number
  id: string
  name: string
  boards: { fid: number; name: string }[]
  seed?: number
  threads?: number
  /** Threads keep coming: ms between steps; none = it stands still. */
  lifeMs?: number
}

export interface ForumReplica extends ReplicaSite {
  board: Board
}

/** A board of any program but Discuz!, read by guests only. */
export async function startForum(options: ForumOptions): Promise<ForumReplica> {
  const { skin, now, id, name, boards, seed = 1 } = options
  const board = new Board(name, boards)
  populate(board, seed, now(), options.threads)
  const host = await startHost({
    now,
    robots: skin.robots,
    answer(_request, response, url) {
      const { charset, notices } = skin
      const view = { board, now: now() }
      const place = skin.placeOf(url)
      const tell = (text: string, status = 200) =>
        sendText(response, skin.message(view, text), { status, charset })
      if (!place) return tell('404', 404)
      if ('list' in place)
        return boards.some(({ fid }) => fid === place.list)
          ? sendText(response, skin.list(view, place.list, place.page), { charset })
          : tell(notices.noBoard)
      const thread = board.threads.get(place.thread)
      if (!thread || thread.deleted) return tell(notices.gone)
      if (thread.loginOnly) return tell(notices.login)
      return sendText(response, skin.thread(view, thread, place.page), { charset })
    },
  })
  let step = 0
  const timer = options.lifeMs
    ? setInterval(() => liveOn(board, step++, seed, now()), options.lifeMs)
    : undefined
  const keys: SourceConfig['boards'] = boards.map(each => ({ key: String(each.fid), name: each.name }))
  const source = replicaSource({
    id,
    name,
    engine: skin.engine,
    url: host.url,
    boards: keys,
    ...(skin.variant && { variant: skin.variant }),
  })
  return {
    ...host,
    source,
    board,
    truth: () => boardTruth(board, source, skin.precision),
    nonPosts: [...Object.values(skin.notices), '重新编辑', '编辑了帖子', '一路有你，岁月静好', '回到原帖'],
    async close() {
      clearInterval(timer)
      await host.close()
    },
  }
}
