/** One side of the crawl bench, in a process of its own: `bare ADDRESS COUNT` or `ours ADDRESS COUNT`; prints one JSON line. */
import { load } from 'cheerio'
import { crawl } from '../../crawlers/crawl.ts'
import { memoryPace } from '../../crawlers/pace.ts'
import type { SourceConfig } from '../../crawlers/site.ts'

const [, , side, address = '', counted] = process.argv
const count = Number(counted)
const AT_ONCE = 16

interface Result {
  pages: number
  posts: number
  seconds: number
  /** Seconds of processor time. */
  cpu: number
  /** Resident memory in MB, sampled every quarter second. */
  resident: number[]
}

const resident: number[] = []
const timer = setInterval(() => resident.push(Math.round(process.memoryUsage.rss() / 1e6)), 250)

/** What a script of fifty lines does: fetch and cheerio.load, the same fields. */
async function bare(): Promise<Omit<Result, 'resident' | 'seconds' | 'cpu'>> {
  let [next, posts] = [0, 0]
  const worker = async () => {
    while (next < count) {
      const tid = 100_000 + next++
      const html = await (await fetch(`${address}forum.php?mod=viewthread&tid=${tid}`)).text()
      const $ = load(html)
      const title = $('#thread_subject').text()
      const [views, replies] = $('#postlist .hm .xi1')
        .map((_, each) => $(each).text())
        .get()
      $('#postlist > div[id^="post_"]').each((_, post) => {
        const author = $(post).find('.authi a.xw1')
        const time = $(post).find('em[id^="authorposton"]')
        const body = $(post).find('[id^="postmessage_"]')
        const quote = body.find('.quote').remove().text()
        const read = {
          pid: post.attribs.id,
          title,
          views,
          replies,
          author: author.text(),
          uid: author.attr('href'),
          at: time.find('span[title]').attr('title') ?? time.text(),
          floor: $(post).find('a[id^="postnum"]').text(),
          quote,
          images: body
            .find('img')
            .map((_, image) => $(image).attr('src'))
            .get(),
          text: body.text().trim(),
        }
        if (read.author) posts++
      })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return { pages: count, posts }
}

async function ours(): Promise<Omit<Result, 'resident' | 'seconds' | 'cpu'>> {
  let posts = 0
  const source: SourceConfig = {
    id: 'bench',
    name: '测速',
    engine: 'discuz',
    url: address,
    boards: [{ key: '2', name: '百姓呼声' }],
    delaySeconds: 0,
    dailyCeiling: Number.MAX_SAFE_INTEGER,
    basis: '测速',
    owner: '办公室',
    retentionDays: 1,
    listPages: Number.MAX_SAFE_INTEGER,
    allowPrivate: true,
  }
  const [outcome] = await crawl([source], {
    memory: {
      thread: async () => null,
      readTo: async () => null,
      validators: async () => null,
    },
    pace: memoryPace(Date.now),
    now: Date.now,
    userAgent: 'changzhou-yuqing/bench',
    async deliver(delivery) {
      posts += delivery.posts.length
      return delivery.posts.length
    },
  })
  if (!outcome || outcome.error) throw new Error(outcome?.error?.message ?? 'nothing read')
  return { pages: outcome.threadsRead, posts }
}

const startedAt = performance.now()
const read = await (side === 'bare' ? bare() : ours())
const seconds = (performance.now() - startedAt) / 1000
clearInterval(timer)
const { user, system } = process.cpuUsage()
console.log(JSON.stringify({ ...read, seconds, cpu: (user + system) / 1e6, resident } satisfies Result))
