import { type Board, lastAt, type Thread } from './board.ts'
import { randomFrom } from './random.ts'
import { MATTER_REPLIES, MATTERS } from './texts/matters.ts'
import { AUTHORS, ORDINARY, ORDINARY_REPLIES, PLACES } from './texts/ordinary.ts'

type Random = ReturnType<typeof randomFrom>
const MINUTE = 60_000
const HOUR = 3_600_000

const filled = (text: string, place: string) => text.replaceAll('{}', place)

export function newThread(board: Board, random: Random, at: number, matter: number | null): Thread {
  const place = random.pick(PLACES)
  const chosen =
    matter === null ? random.pick(ORDINARY) : (MATTERS[matter % MATTERS.length] as (typeof MATTERS)[number])
  const { fid } = random.pick(board.fids)
  return board.addThread({
    fid,
    title: filled(chosen.title, place),
    text: filled(chosen.text, place),
    author: random.pick(AUTHORS),
    at,
    ...(random.below(4) === 0 && { category: random.pick(['投诉', '闲聊', '求助', '曝光']) }),
    matter: matter === null ? null : (MATTERS[matter % MATTERS.length] as (typeof MATTERS)[number]).class,
  })
}

export function newReply(board: Board, random: Random, tid: number, at: number): void {
  const thread = board.thread(tid)
  board.addReply(tid, {
    author: random.pick(AUTHORS),
    at,
    text: random.pick(thread.matter ? MATTER_REPLIES : ORDINARY_REPLIES),
    ...(random.below(5) === 0 && { quoteFloor: 1 + random.below(thread.floors.length) }),
  })
  thread.views += 1 + random.below(9)
}

/** About 240 threads of the last twelve days, one in sixteen a true matter; every kind of page once at least. */
export function populate(board: Board, seed: number, now: number, threads = 240): void {
  const random = randomFrom(seed)
  for (let i = 0; i < threads; i++) {
    const at = now - (threads - i) * (288 / threads) * HOUR - random.below(50) * MINUTE
    newThread(board, random, at, i % 16 === 7 ? Math.floor(i / 16) : null)
  }
  for (const thread of [...board.threads.values()]) {
    const replies = random.below(10) === 0 ? 8 + random.below(20) : random.below(5)
    let at = lastAt(thread)
    for (let i = 0; i < replies; i++) {
      at += Math.max(1_000, Math.floor(((now - at) / (replies + 1 - i)) * random.next()))
      newReply(board, random, thread.tid, Math.min(at, now - 1_000))
    }
    thread.views += random.below(900)
  }
  const tids = [...board.threads.keys()]
  scriptPeculiar(board, tids, now)
  if (threads >= WHOLE) scriptWhole(board, random, tids, now)
}

/** A board of this many threads holds every kind of post. */
const WHOLE = 120
const LONG_FLOORS = 115

/** A poll, pictures, attachments, hidden texts, and a thread of twelve pages. */
function scriptWhole(board: Board, random: Random, tids: number[], now: number): void {
  const at = (index: number) => board.thread(tids[index] as number)
  const asked = at(8)
  asked.title = '投票：你家小区多久停一次水'
  if (asked.floors[0]) asked.floors[0].text = '夏天每周都停，大家投个票，看看是不是只有我们这里这样。'
  asked.poll = {
    voters: 31,
    options: [
      { text: '每周都停', votes: 20 },
      { text: '从来不停', votes: 11 },
    ],
  }
  const [pictured, hung, hidden] = [at(9).floors[0], at(10).floors[0], at(11).floors[0]]
  if (pictured) pictured.images = ['data/attachment/2603/a1.jpg', 'data/attachment/2603/a2.png']
  if (hung) {
    hung.files = [
      { aid: 71, name: '检修通知.pdf' },
      { aid: 72, name: '现场照片.zip' },
    ]
    hung.images = ['data/attachment/2603/b1.jpg']
  }
  if (hidden) hidden.hidden = true
  const long = at(12)
  for (let i = long.floors.length; i < LONG_FLOORS; i++)
    newReply(board, random, long.tid, now - (LONG_FLOORS - i) * 20 * MINUTE)
  const [one, two, three] = long.floors.slice(40, 43)
  if (one) one.hidden = true
  if (two) two.files = [{ aid: 73, name: '业主签名.xlsx' }]
  // A quoted text that begins like a name before a colon.
  if (two && three) {
    two.text = '提醒：晚上别从那边走，灯都不亮。'
    three.quote = { author: two.author.name, at: two.at, text: two.text }
  }
  // Spoken of again lately: they stand on the first page, where a first visit reads them.
  for (const index of [8, 9, 10, 11]) newReply(board, random, at(index).tid, now - index * MINUTE)
}

/** Stickies, a closed, a moved, a deleted and a login-only thread, an edit, a blocked floor, a smiley. */
function scriptPeculiar(board: Board, tids: number[], now: number): void {
  const at = (index: number) => board.thread(tids[index] as number)
  at(1).sticky = true
  at(2).closed = true
  const target = board.fids.at(-1)
  if (target && at(3).fid !== target.fid) board.moveAway(at(3).tid, target.fid)
  at(4).deleted = true
  at(5).loginOnly = true
  const edited = at(6).floors[0]
  if (edited) board.edit(at(6).tid, 1, `${edited.text}\n补充一下，今天又去看了。`, now - HOUR)
  const talked = [...board.threads.values()].find(thread => thread.floors.length > 12)
  const [, second, third] = talked?.floors ?? []
  if (second) second.blocked = true
  if (third) third.smiley = true
}

/**
 * One step of the scripted life: everyday threads and replies, sometimes an edit or a deletion; every fifth step a
 * matter, so that there is something to see, among fifteen posts of ordinary talk.
 */
export function liveOn(board: Board, step: number, seed: number, now: number): void {
  const random = randomFrom(seed + step * 7919)
  const tids = [...board.threads.keys()]
  const recent = tids.slice(-40)
  if (step % 5 === 1) newThread(board, random, now, seed + Math.floor(step / 5))
  else newThread(board, random, now, null)
  const open = recent.map(tid => board.thread(tid)).filter(thread => !thread.closed && !thread.deleted)
  for (let i = 0; i < 2 && open.length; i++) newReply(board, random, random.pick(open).tid, now)
  for (const tid of recent) board.thread(tid).views += random.below(3)
  const victim = board.thread(random.pick(recent))
  if (step % 29 === 17) board.edit(victim.tid, 1, `${victim.floors[0]?.text ?? ''}\n更新：情况有变化。`, now)
  if (step % 61 === 41 && !victim.matter) victim.deleted = true
}
