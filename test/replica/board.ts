/** What a board holds: plain state that pages are drawn from and tests compare with. Times are epoch ms. */
export interface User {
  uid: number
  name: string
}

export interface Floor {
  pid: number
  author: User
  at: number
  text: string
  /** Text of another floor that is quoted. */
  quote: { author: string; at: number; text: string } | null
  editedAt: number | null
  /** Shown as 作者被禁止或删除 内容自动屏蔽. */
  blocked: boolean
  smiley: boolean
  /** 回复可见: a guest is told that there is something, not what. */
  hidden: boolean
  /** Pictures in the text, as paths on the board. */
  images: string[]
  files: { aid: number; name: string }[]
}

export interface Poll {
  voters: number
  options: { text: string; votes: number }[]
}

export interface Thread {
  tid: number
  fid: number
  title: string
  category: string | null
  floors: Floor[]
  views: number
  sticky: boolean
  closed: boolean
  deleted: boolean
  /** Its page comes in a layout that no reader knows. */
  broken: boolean
  /** 阅读权限高于: listed, but only for those who are signed in. */
  loginOnly: boolean
  /** Stub of a thread that was moved to another board: tid of the stub. */
  movedStub: { tid: number; fid: number } | null
  poll: Poll | null
  /** Only for tests: which matter it tells, or null for everyday talk. */
  matter: string | null
}

export interface NewThread {
  fid: number
  title: string
  text: string
  author: string
  at: number
  category?: string
  matter?: string | null
}

const SHANGHAI_MS = 8 * 3_600_000

export class Board {
  readonly name: string
  readonly fids: { fid: number; name: string }[]
  readonly threads = new Map<number, Thread>()
  readonly users = new Map<string, User>()
  challenge = false
  closedNotice: string | null = null
  #tid = 20_000
  #pid = 600_000
  #uid = 1_000

  constructor(name: string, fids: { fid: number; name: string }[]) {
    this.name = name
    this.fids = fids
  }

  user(name: string): User {
    const known = this.users.get(name) ?? { uid: ++this.#uid, name }
    this.users.set(name, known)
    return known
  }

  #floor(author: string, at: number, text: string, quote: Floor['quote'] = null): Floor {
    const second = Math.floor(at / 1000) * 1000
    return {
      pid: ++this.#pid,
      author: this.user(author),
      at: second,
      text,
      quote,
      editedAt: null,
      blocked: false,
      smiley: false,
      hidden: false,
      images: [],
      files: [],
    }
  }

  addThread(input: NewThread): Thread {
    const thread: Thread = {
      tid: ++this.#tid,
      fid: input.fid,
      title: input.title,
      category: input.category ?? null,
      floors: [this.#floor(input.author, input.at, input.text)],
      views: 1,
      sticky: false,
      closed: false,
      deleted: false,
      broken: false,
      loginOnly: false,
      movedStub: null,
      poll: null,
      matter: input.matter ?? null,
    }
    this.threads.set(thread.tid, thread)
    return thread
  }

  thread(tid: number): Thread {
    const found = this.threads.get(tid)
    if (!found) throw new Error(`no thread ${tid}`)
    return found
  }

  addReply(tid: number, input: { author: string; at: number; text: string; quoteFloor?: number }): Floor {
    const thread = this.thread(tid)
    const quoted = input.quoteFloor === undefined ? undefined : thread.floors[input.quoteFloor - 1]
    const quote = quoted ? { author: quoted.author.name, at: quoted.at, text: quoted.text } : null
    const floor = this.#floor(input.author, input.at, input.text, quote)
    thread.floors.push(floor)
    return floor
  }

  edit(tid: number, floor: number, text: string, at: number): void {
    const edited = this.thread(tid).floors[floor - 1]
    if (!edited) throw new Error(`no floor ${floor}`)
    edited.text = text
    edited.editedAt = at
  }

  delete(tid: number): void {
    this.thread(tid).deleted = true
  }

  moveAway(tid: number, fid: number): void {
    const thread = this.thread(tid)
    thread.movedStub = { tid: ++this.#tid, fid: thread.fid }
    thread.fid = fid
  }
}

/** Whether a guest is shown what a floor says. */
export const isShown = ({ blocked, hidden }: Floor): boolean => !blocked && !hidden

export const lastAt = (thread: Thread): number => thread.floors.at(-1)?.at ?? 0

const two = (n: number) => String(n).padStart(2, '0')

/** `Y-n-j H:i:s` in Shanghai, months and days without leading zero, as Discuz writes it. */
export function wallTime(at: number, form: 'date' | 'minute' | 'second'): string {
  const d = new Date(at + SHANGHAI_MS)
  const date = `${d.getUTCFullYear()}-${d.getUTCMonth() + 1}-${d.getUTCDate()}`
  if (form === 'date') return date
  const minute = `${date} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
  return form === 'minute' ? minute : `${minute}:${two(d.getUTCSeconds())}`
}

/** Discuz' own relative words (sites.md §1.6), or null where it writes the date. */
export function relativeTime(at: number, now: number): string | null {
  const age = Math.floor((now - at) / 1000)
  if (age < 0) return null
  const day = (t: number) => Math.floor((t + SHANGHAI_MS) / 86_400_000)
  const days = day(now) - day(at)
  const d = new Date(at + SHANGHAI_MS)
  const clock = `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
  if (days === 0) {
    if (age === 0) return '刚刚'
    if (age <= 60) return `${age}&nbsp;秒前`
    if (age <= 1800) return `${Math.floor(age / 60)}&nbsp;分钟前`
    if (age <= 3600) return '半小时前'
    return `${Math.floor(age / 3600)}&nbsp;小时前`
  }
  if (days === 1) return `昨天&nbsp;${clock}`
  if (days === 2) return `前天&nbsp;${clock}`
  return days < 7 ? `${days}&nbsp;天前` : null
}
