import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { appendAudit } from '../../api/audit.ts'
import { openDatabase } from '../../api/db/open.ts'
import { folderBlobs } from '../../api/evidence/blobs-folder.ts'
import { addBlob, putBlob } from '../../api/evidence/store.ts'
import { logIn } from '../../api/people/sessions.ts'
import { createPerson } from '../../api/people/store.ts'
import { unitList } from '../../api/people/unit-store.ts'
import { CRAWL_HEAP } from '../../crawlers/heap.ts'
import { command, killedAfter, startCommand } from '../command.ts'
import { startReplica } from '../replica/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'yuqing-commands-'))
const env = { DATA_DIR: join(folder, 'data') }
const database = () => openDatabase(join(env.DATA_DIR, 'yuqing.sqlite'))
const jsonl = (rows: unknown[]) => rows.map(row => `${JSON.stringify(row)}\n`).join('')
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(async () => {
  expect((await command(['migrate'], env)).code).toBe(0)
})

describe('what was typed wrongly', () => {
  it('every wrong variable is named at once, before anything starts', async () => {
    const wrong = { PORT: '80a', LOG_LEVEL: 'loud', PUBLIC_URL: 'nirgends' }
    const { code, stderr } = await command(['all'], { ...env, ...wrong })
    expect(code).toBe(2)
    for (const text of ['PORT', '80a', 'LOG_LEVEL', 'loud', 'PUBLIC_URL', 'nirgends'])
      expect(stderr).toContain(text)
    expect(stderr).not.toContain('    at ')
  })

  it.each([
    ['mysql://nirgends/x', 'DATABASE_URL 应为文件路径，或形如 postgres://'],
    [join(folder, 'nirgends', 'x.sqlite'), '数据库文件打不开'],
  ])('a database that is none is said so: %s', async (address, words) => {
    const { code, stderr } = await command(['verify'], { ...env, DATABASE_URL: address })
    expect(code).toBe(2)
    expect(stderr).toContain(words)
    expect(stderr).not.toContain('    at ')
  })

  it.each([
    [['unfug'], '用法'],
    [['deadline', '--unfug'], '用法'],
    [['crawl'], '用法'],
    [['crawl', 'x.yaml', '--limit', 'drei'], '用法'],
    [['import', 'x.jsonl'], '用法'],
    [['import', join(folder, 'gibt-es-nicht.jsonl'), '--source', 'x'], '找不到文件'],
  ])('%j ends with 2 and a sentence', async (args, sentence) => {
    const { code, stderr } = await command(args, env)
    expect([code, stderr.includes(sentence), stderr.includes('    at ')]).toEqual([2, true, false])
  })

  it('a file that is not there leaves no source behind', async () => {
    const { db, close } = database()
    expect(await db.selectFrom('source').select('id').where('name', '=', 'x').execute()).toEqual([])
    await close()
  })

  it('a port that is taken is said so', async () => {
    const server = createServer()
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as { port: number }
    const { code, stderr } = await command(['api'], { ...env, PORT: String(port) })
    server.close()
    expect([code, stderr]).toEqual([2, `端口 ${port} 已被占用，请先停止原来的程序，或设置 PORT 换一个。\n`])
  })

  it('--help says what there is', async () => {
    const { code, stdout } = await command(['--help'])
    expect([code, stdout.includes('reindex')]).toEqual([0, true])
  })
})

describe('analyze', () => {
  it('answers line by line in order; a bad line is named and the exit code is 2', async () => {
    const lines = [
      JSON.stringify({ id: 'a', source: 'zhongwu', text: '武进湖塘化工厂半夜氨气泄漏，求有关部门查处。' }),
      '{"id": 2, "text": ',
      JSON.stringify({ id: 3 }),
      JSON.stringify({ id: 'd', text: '火锅店很火' }),
    ]
    const { code, answers, stderr } = await command(['analyze'], {}, `${lines.join('\n')}\n`)
    expect(code).toBe(2)
    expect(answers.map(({ id }) => id)).toEqual(['a', null, null, 'd'])
    expect(answers.map(answer => answer.flagged)).toEqual([true, undefined, undefined, false])
    expect(stderr).toMatch(/第2行：.*\n第3行：/)
  })

  it('reads thousands of lines without keeping order or memory waiting', async () => {
    const rows = Array.from({ length: 3_000 }, (_, id) => ({ id, text: `第${id}条，今天天气不错` }))
    const { code, answers } = await command(['analyze'], {}, jsonl(rows))
    expect(code).toBe(0)
    expect(answers.map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
  })

  it('ends quietly when nobody reads on', async () => {
    const child = startCommand(['analyze'])
    child.stdin?.on('error', () => {})
    child.stdin?.write(jsonl(Array.from({ length: 20_000 }, (_, id) => ({ id, text: '火' }))))
    await new Promise(done => child.stdout?.once('data', done))
    child.stdout?.destroy()
    const complaints: string[] = []
    child.stderr?.setEncoding('utf8').on('data', chunk => complaints.push(chunk))
    await new Promise(done => child.once('exit', done))
    expect(complaints.join('')).toBe('')
  })
})

describe('deadline', () => {
  it('counts working days line by line; a bad line is named and the exit code is 2', async () => {
    const rows = [
      { id: 1, start: '2026-09-18', days: 2 },
      { id: 2, start: '2026-02-30', days: 2 },
      { id: 3, start: '2027-03-01', days: 5 },
      { id: 4, start: '2026-09-18', days: 1.5 },
    ]
    const { code, answers, stderr } = await command(['deadline'], {}, jsonl(rows))
    expect(code).toBe(2)
    expect(answers.map(({ id, due, provisional }) => [id, due, provisional])).toEqual([
      [1, '2026-09-21', false],
      [null, undefined, undefined],
      [3, '2027-03-08', true],
      [null, undefined, undefined],
    ])
    expect(stderr).toMatch(/第2行：start .*2026-02-30.*\n第4行：days /)
  })
})

describe('import', () => {
  const file = join(folder, 'texts.jsonl')
  const rows = Array.from({ length: 1_200 }, (_, id) => ({
    id,
    title: `第${id}件`,
    text: `横山桥镇第${id}号路口积水很深，请有关部门尽快处理。`,
    publishedAt: '2026-06-01T00:00:00Z',
  }))
  const held = async () => {
    const { db, close } = database()
    const posts = await db.selectFrom('post').select(['key', 'to_analyse']).execute()
    const source = await db.selectFrom('source').select('name').where('name', '=', '政民互动').execute()
    await close()
    return { posts, source }
  }

  it('killed in the middle and run again, holds every text once; bad lines are named', async () => {
    writeFileSync(file, `${jsonl(rows)}kein JSON\n{"id": 9}\n`)
    for (const ms of [500, 700, 900]) await killedAfter(ms, ['import', file, '--source', '政民互动'], env)
    const first = await command(['import', file, '--source', '政民互动'], env)
    expect(first.code).toBe(2)
    expect(first.stderr).toMatch(/第1201行：.*\n第1202行：缺少 text/)
    const { posts, source } = await held()
    expect(new Set(posts.map(({ key }) => key)).size).toBe(1_200)
    expect(posts).toHaveLength(1_200)
    expect(posts.filter(({ to_analyse }) => to_analyse)).toEqual([])
    expect(source).toHaveLength(1)
    const again = await command(['import', file, '--source', '政民互动'], env)
    expect(again.stdout).toContain('新增 0 条')
  })

  it('a table in the encoding of a Chinese Windows; texts from elsewhere; posted_at as their time', async () => {
    const other = { DATA_DIR: join(folder, 'elsewhere') }
    const text = '郑州某化工厂发生氨气泄漏，已有多人送医，请有关部门查处。'
    const table = join(folder, 'table.csv')
    writeFileSync(table, iconv.encode(`内容,发布时间\n${text},2021-07-21 08:30\n,2021-07-22\n`, 'gb18030'))
    const lines = join(folder, 'lines.jsonl')
    writeFileSync(lines, jsonl([{ id: 1, text: `${text}（转）`, posted_at: '2021-07-21 08:30' }]))
    const bad = await command(['import', table, '--source', '案例', '--anywhere'], other)
    expect([bad.code, bad.stderr]).toEqual([2, '第3行「内容」：内容是空的，请填写或删去这一行。\n'])
    expect((await command(['import', lines, '--source', '本地'], other)).code).toBe(0)
    const { db, close } = openDatabase(join(other.DATA_DIR, 'yuqing.sqlite'))
    const rows = await db
      .selectFrom('post')
      .innerJoin('analysis', 'analysis.post_id', 'post.id')
      .select(['anywhere', 'published_at', 'published_precision', 'flagged'])
      .orderBy('post.id')
      .execute()
    await close()
    const at = { published_at: Date.parse('2021-07-21T00:30:00Z'), published_precision: 'minute' }
    expect(rows).toEqual([
      { anywhere: 1, flagged: 1, ...at },
      { anywhere: 0, flagged: 0, ...at },
    ])
  })

  it('reindex makes the search index again from the database', async () => {
    for (const name of readdirSync(env.DATA_DIR).filter(each => each.startsWith('search.sqlite')))
      rmSync(join(env.DATA_DIR, name))
    const { code, stdout } = await command(['reindex'], env)
    expect([code, stdout]).toEqual([0, '已重建检索，共 1200 条。\n'])
    const { sqliteSearch } = await import('../../api/adapters/search-sqlite.ts')
    const search = sqliteSearch(join(env.DATA_DIR, 'search.sqlite'))
    expect((await search.search({ text: '横山桥 积水', limit: 5 })).total).toBe(1_200)
    await search.close()
  })
})

describe('user', () => {
  it('lists people; a reset prints a password that works and must then be changed', async () => {
    const { db, close } = database()
    await db.transaction().execute(async trx => {
      const [unit] = await unitList(trx)
      const person = { login: 'zhou', name: '周晓岚', unitId: unit?.id ?? null, roles: ['duty' as const] }
      await createPerson(trx, { ...person, password: 'Anfang-2026', mustChangePassword: false }, 1)
    })
    expect((await command(['user'], env)).stdout).toBe('zhou\t周晓岚\t舆情专员（值班）\t\n')
    expect((await command(['user', '--reset', 'niemand'], env)).code).toBe(1)
    const { stdout } = await command(['user', '--reset', 'zhou'], env)
    const password = /新密码：(\S+?)（/.exec(stdout)?.[1] ?? ''
    await expect(logIn(db, { login: 'zhou', password: 'Anfang-2026', userAgent: null }, 5)).rejects.toThrow()
    const { personId } = await logIn(db, { login: 'zhou', password, userAgent: null }, 5)
    const person = await db.selectFrom('person').selectAll().where('id', '=', personId).executeTakeFirst()
    expect(person?.must_change_password).toBe(1)
    await close()
  })
})

describe('verify', () => {
  it('finds all whole; a flipped byte in a file and a changed entry of a chain are named', async () => {
    const blobs = folderBlobs(join(env.DATA_DIR, 'blobs'))
    const { db, close } = database()
    const blob = await putBlob(blobs, Buffer.from('一页证据，原样保存'), 'text/html')
    await db.transaction().execute(async trx => {
      await addBlob(trx, blob, 1)
      for (const action of ['create', 'judge', 'approve'])
        await appendAudit(trx, {
          caseKind: 'event',
          caseId: '4711',
          at: 2,
          actorId: null,
          forId: null,
          action,
          detail: { note: action },
        })
    })
    const whole = await command(['verify'], env)
    expect([whole.code, whole.stdout.includes('全部完好')]).toEqual([0, true])
    const path = join(env.DATA_DIR, 'blobs', blob.sha256.slice(0, 2), blob.sha256.slice(2))
    const bytes = readFileSync(path)
    bytes[3] = (bytes[3] ?? 0) ^ 1
    writeFileSync(path, bytes)
    await db
      .updateTable('audit_entry')
      .set({ detail: '{"note":"other"}' })
      .where('action', '=', 'judge')
      .execute()
    await close()
    const { code, stdout } = await command(['verify'], env)
    expect(code).toBe(1)
    expect(stdout).toContain(`证据文件 ${blob.sha256} 被改动`)
    expect(stdout).toMatch(/4711/)
    expect(stdout).toContain('发现 2 处问题')
  })
})

describe('crawl FILE', () => {
  it('starts itself with the small heap of design §9', async () => {
    const server = createServer()
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as { port: number }
    const sources = join(folder, 'silent.yaml')
    const [board] = [{ key: '2', name: '一版' }]
    const source = { id: 'silent', name: '不答', engine: 'discuz', url: `http://127.0.0.1:${port}/` }
    const how = { delaySeconds: 1, dailyCeiling: 9, basis: 'x', owner: 'x', retentionDays: 1 }
    writeFileSync(
      sources,
      stringify({ sources: [{ ...source, ...how, boards: [board], allowPrivate: true }] }),
    )
    const child = startCommand(['crawl', sources])
    try {
      // It asks, and waits for an answer: it is running by now.
      await once(server, 'connection')
      const line = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').split('\0')
      expect(line).toEqual(expect.arrayContaining([...CRAWL_HEAP]))
    } finally {
      child.kill('SIGKILL')
      server.close()
    }
  })

  it('prints one RawPost a line of what it can read and ends with 1 where a source could not be read', async () => {
    const replica = await startReplica({ charset: 'gbk', now: Date.now, threads: 30 })
    const sources = join(folder, 'sources.yaml')
    const dead = { ...replica.source, id: 'tot', name: '打不开', url: 'http://127.0.0.1:9/' }
    const off = { ...replica.source, id: 'aus', name: '停用的', enabled: false, reason: '待核实' }
    try {
      writeFileSync(sources, stringify({ sources: [replica.source] }))
      // An empty PATH: a bare machine has no `ps`.
      const good = await command(['crawl', sources, '--limit', '5'], { PATH: '' })
      expect(good.code).toBe(0)
      expect(new Set(good.answers.map(({ key, parent }) => parent ?? key)).size).toBe(5)
      expect(Object.keys(good.answers[0] ?? {}).sort()).toEqual(
        [
          ...['source', 'key', 'url', 'kind', 'parent', 'floor', 'board', 'title', 'author', 'text', 'quote'],
          ...['images', 'publishedAt', 'publishedPrecision', 'publishedRaw', 'seenAt', 'counts', 'place'],
          'state',
        ].sort(),
      )
      writeFileSync(sources, stringify({ sources: [dead, replica.source, off] }))
      const partly = await command(['crawl', sources, '--limit', '3'])
      expect(partly.code).toBe(1)
      expect(new Set(partly.answers.map(({ source }) => source))).toEqual(new Set([replica.source.id]))
      expect(partly.stderr).toMatch(/停用的：未启用，待核实/)
      expect(partly.stderr).toMatch(/tot：未能读完/)
      writeFileSync(sources, 'sources:\n  - { id: X, engine: unfug }\n')
      const bad = await command(['crawl', sources])
      expect(bad.code).toBe(1)
      expect(bad.stderr).toContain('engine「unfug」不认识')
    } finally {
      await replica.close()
    }
  })
})
