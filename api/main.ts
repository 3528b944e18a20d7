import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { enableCompileCache } from 'node:module'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CRAWL_HEAP } from '../crawlers/heap.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import type { Context } from './context.ts'
import { AppError } from './errors.ts'
import { ROLES } from './vocabulary.ts'

// Compiled code is kept beside the packages, where only their owner can write: half the time of a start.
enableCompileCache(resolve(import.meta.dirname, '../node_modules/.cache/compile'))

// Each command loads what it needs and no more: the API has no crawler in memory, the worker no HTTP, and
// `deadline` answers at once.

const USAGE = `用法：api/main.ts 命令
  all（默认）| api | worker          运行
  crawl 文件 [--limit N]             试读信源，每行一条 JSON
  analyze [--anywhere] [--tokens]    从标准输入读 JSONL，逐行给出分析
  analyze --pairs | --events         两段文字是否同一件事；哪些帖子是同一事件
  import 文件 --source 名称 [--anywhere]  导入文本（JSONL、CSV、XLSX）；--anywhere 外地的文本，不看是否本地
  replay [--source 信源编号]         读取规则修好后重读留存的网页，不再访问网站，逐行给出差异
  deadline                           从标准输入读 JSONL，计算工作日时限
  user [--reset 登录名]              列出人员；重置密码
  verify | migrate | reindex         校验；升级数据库；重建检索
`

/** Ends on SIGTERM or SIGINT, and when the process that started this one is gone. */
function untilStopped(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort())
  if (process.env.YUQING_PARENT === 'stdin') {
    process.stdin.on('end', () => stop.abort()).on('close', () => stop.abort())
    process.stdin.resume()
  }
  return stop.signal
}

const aborted = (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise(done => signal.addEventListener('abort', () => done(), { once: true }))

async function withContext<T>(config: Config, work: (context: Context) => Promise<T>): Promise<T> {
  const { openContext } = await import('./context.ts')
  const context = await openContext(config)
  try {
    return await work(context)
  } finally {
    await context.close()
  }
}

async function serve(context: Context, signal: AbortSignal): Promise<void> {
  const [{ buildApp }, { makeSetupLink }] = [await import('./app.ts'), await import('./people/sessions.ts')]
  const app = await buildApp(context)
  const { host, port, publicUrl } = context.config
  const address = await app.listen({ host, port })
  console.log(`常州应急舆情已启动：${publicUrl ?? address}`)
  const token = await context.db.transaction().execute(trx => makeSetupLink(trx, context.now()))
  if (token)
    console.log(
      `首次启动，请用浏览器打开下面的链接建立管理员和办公室用户（只能使用一次）：\n${publicUrl ?? address}/setup?token=${token}`,
    )
  await aborted(signal)
  await app.close()
}

/** One worker beside the API, started again when it dies, ended with it. */
function keepWorker(context: Context, signal: AbortSignal): Promise<void> {
  let child: ChildProcess | undefined
  signal.addEventListener('abort', () => child?.stdin?.end())
  return new Promise(done => {
    const start = () => {
      if (signal.aborted) return done()
      child = spawn(process.execPath, ['--max-semi-space-size=8', import.meta.filename, 'worker'], {
        stdio: ['pipe', 'inherit', 'inherit'],
        env: { ...process.env, YUQING_PARENT: 'stdin' },
      })
      child.once('exit', code => {
        if (signal.aborted) return done()
        context.log.error({ code }, 'worker ended; starting it again')
        setTimeout(start, 1_000)
      })
    }
    start()
  })
}

/** Begins this process anew with the heap flags, which can't be given to one that runs; where a system can't, goes on. */
function withCrawlHeap(): void {
  const { execArgv, execPath, argv, env } = process
  if (CRAWL_HEAP.every(flag => execArgv.includes(flag)) || process.platform === 'win32') return
  process.execve?.(execPath, [execPath, ...execArgv, ...CRAWL_HEAP, ...argv.slice(1)], env)
}

async function runAll(config: Config): Promise<void> {
  const signal = untilStopped()
  await withContext(config, async context => {
    const worker = keepWorker(context, signal)
    await serve(context, signal)
    await worker
  })
}

const STOP_MS = 5_000

async function work(config: Config): Promise<void> {
  const signal = untilStopped()
  // Every job may be killed half-way without harm: one that does not hear the stop must not keep the program from ending.
  signal.addEventListener('abort', () => setTimeout(() => process.exit(0), STOP_MS).unref())
  const { runWorker } = await import('./worker.ts')
  await withContext(config, context => runWorker(context, signal))
}

async function verify(context: Context): Promise<number> {
  const { verifyAudit } = await import('./audit.ts')
  const { verifyBlobs, verifyManifests } = await import('./evidence/store.ts')
  const { verifyDismissals } = await import('./posts/verify.ts')
  const { verifySlips } = await import('./slips/verify.ts')
  const audit = await verifyAudit(context.db)
  const files = await verifyBlobs(context.db, context.blobs)
  const lists = await verifyManifests(context.db)
  const slips = await verifySlips(context.db)
  const desk = await verifyDismissals(context.db)
  console.log(
    `审计链 ${audit.chains} 条、记录 ${audit.entries} 条、日校验值 ${audit.roots} 个；处理单 ${slips.slips} 件；不予处理 ${desk.dismissals} 条；证据文件 ${files.files} 个。`,
  )
  const problems = [
    ...audit.problems,
    ...files.problems,
    ...lists.problems,
    ...slips.problems,
    ...desk.problems,
  ]
  for (const problem of problems) console.log(problem)
  console.log(problems.length ? `发现 ${problems.length} 处问题。` : '全部完好。')
  return problems.length ? 1 : 0
}

async function user(context: Context, login: string | undefined): Promise<number> {
  const { personList, updatePerson } = await import('./people/store.ts')
  const people = await personList(context.db)
  if (login === undefined) {
    for (const person of people)
      console.log(
        [
          person.login,
          person.name,
          person.roles.map(role => ROLES[role]).join('、'),
          person.active ? '' : '已停用',
        ].join('\t'),
      )
    return 0
  }
  const person = people.find(each => each.login === login)
  if (!person) {
    console.error(`没有登录名「${login}」。`)
    return 1
  }
  const password = `Cz-${randomBytes(6).toString('hex')}7`
  await context.db.transaction().execute(trx => updatePerson(trx, person.id, person.version, { password }))
  console.log(`新密码：${password}（登录后须修改）`)
  return 0
}

async function reindex(context: Context): Promise<number> {
  const { feedSearch } = await import('./analysis-job.ts')
  await context.search.clear()
  console.log(`已重建检索，共 ${await feedSearch(context)} 条。`)
  return 0
}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      limit: { type: 'string' },
      source: { type: 'string' },
      reset: { type: 'string' },
      anywhere: { type: 'boolean' },
      tokens: { type: 'boolean' },
      pairs: { type: 'boolean' },
      events: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  const [command = 'all', file] = positionals
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const config = readConfig(process.env)
  switch (command) {
    case 'all':
      await runAll(config)
      return 0
    case 'api':
      await withContext(config, context => serve(context, untilStopped()))
      return 0
    case 'worker':
      await work(config)
      return 0
    case 'crawl': {
      const limit = values.limit === undefined ? undefined : Number(values.limit)
      if (!file || (limit !== undefined && !(Number.isInteger(limit) && limit > 0))) break
      withCrawlHeap()
      const { stdout: output, stderr: errors } = process
      const { crawlFile } = await import('../crawlers/crawl-file.ts')
      return crawlFile(file, { limit, output, errors, userAgent: config.userAgent, now: Date.now })
    }
    case 'analyze': {
      const { analyzeCommand } = await import('./analyze.ts')
      return analyzeCommand(process.stdin, process.stdout, process.stderr, {
        configDir: config.configDir,
        ...values,
      })
    }
    case 'deadline': {
      const { deadlineCommand } = await import('./deadline-command.ts')
      const { shippedCalendar } = await import('./calendar/shipped.ts')
      return deadlineCommand(process.stdin, process.stdout, process.stderr, shippedCalendar(config.configDir))
    }
    case 'import': {
      const { source } = values
      if (!file || !source) break
      return withContext(config, async context => {
        const { importFile } = await import('./import-command.ts')
        const { analyseWaiting } = await import('./analysis-job.ts')
        const from = { path: file, source, anywhere: values.anywhere ?? false }
        const code = await importFile(context, from, process.stdout, process.stderr)
        const { Lexicon } = await import('./rules/lexicon.ts')
        const count = await analyseWaiting(context, await new Lexicon(context).current())
        console.log(`已分析 ${count} 条。`)
        return code
      })
    }
    case 'replay':
      return withContext(config, async context => {
        const { replay } = await import('./replay.ts')
        const { analyseWaiting } = await import('./analysis-job.ts')
        const { Lexicon } = await import('./rules/lexicon.ts')
        const code = await replay(context, values.source, process.stdout, process.stderr)
        await analyseWaiting(context, await new Lexicon(context).current())
        return code
      })
    case 'user':
      return withContext(config, context => user(context, values.reset))
    case 'verify':
      return withContext(config, verify)
    case 'migrate':
      return withContext(config, async () => 0)
    case 'reindex':
      return withContext(config, reindex)
  }
  console.error(`没有「${command}」这个命令，或缺少它要的参数。\n${USAGE}`)
  return 2
}

/** What went wrong, for who typed the command; null = a fault of ours, shown whole. */
function sentenceFor(error: unknown): string | null {
  if (error instanceof ConfigError || error instanceof AppError) return error.message
  const { code, path, port } = error as { code?: unknown; path?: unknown; port?: unknown }
  if (code === 'ENOENT') return `找不到文件「${path}」。`
  if (code === 'EACCES' || code === 'EPERM') return `没有权限读写「${path}」，请检查文件夹的所有者。`
  if (code === 'ERR_SQLITE_ERROR' && /unable to open/.test((error as Error).message))
    return '数据库文件打不开，请检查 DATA_DIR、DATABASE_URL 指的文件夹是否存在、能否读写。'
  if (code === 'ENOSPC') return '磁盘已满，请清理后再试。'
  if (code === 'EADDRINUSE') return `端口 ${port} 已被占用，请先停止原来的程序，或设置 PORT 换一个。`
  if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS'))
    return `${(error as Error).message}\n${USAGE}`
  return error instanceof Error && error.name === 'SourcesFileError' ? error.message : null
}

// Whoever reads our output may have had enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const sentence = sentenceFor(error)
  if (sentence === null) throw error
  console.error(sentence)
  process.exitCode = 2
}
