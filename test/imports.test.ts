import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const files = globSync('{api,crawlers,pipeline,dashboard/src}/**/*.{ts,tsx}', { cwd: root })
  .map(path => normalize(path))
  .sort()

interface Import {
  from: string
  to: string
  typeOnly: boolean
}

/** Relative imports of a file, as paths from the project's root. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found: Import[] = []
  for (const match of text.matchAll(
    /(?:^|\n)\s*(import|export)\s+(type\s)?[^'"`;]*?from\s+['"](\.[^'"]+)['"]/g,
  ))
    found.push({
      from: file,
      to: normalize(join(dirname(file), match[3]!)),
      typeOnly: match[2] !== undefined,
    })
  for (const match of text.matchAll(/import\(\s*['"](\.[^'"]+)['"]\s*\)/g))
    found.push({ from: file, to: normalize(join(dirname(file), match[1]!)), typeOnly: false })
  return found
}

const imports = files.flatMap(importsOf)
const top = (path: string) => path.split('/')[0]!
/** The noun's folder inside api/, or null for what all nouns share. */
const noun = (path: string) => {
  const [first, second, third] = path.split('/')
  return first === 'api' && third !== undefined && !['db', 'adapters', 'print'].includes(second!)
    ? second!
    : null
}
const lines = (list: Import[]) => list.map(({ from, to }) => `${from} -> ${to}`)

describe('imports keep to design §2', () => {
  it('there is something to check', () => {
    expect(imports.length).toBeGreaterThan(50)
  })

  it('pipeline imports nothing of ours', () => {
    expect(
      lines(imports.filter(({ from, to }) => top(from) === 'pipeline' && top(to) !== 'pipeline')),
    ).toEqual([])
  })

  it('crawlers import pipeline/post.ts only', () => {
    const wrong = imports.filter(
      ({ from, to }) => top(from) === 'crawlers' && top(to) !== 'crawlers' && to !== 'pipeline/post.ts',
    )
    expect(lines(wrong)).toEqual([])
  })

  it('api imports crawlers and pipeline, never dashboard or test', () => {
    expect(
      lines(
        imports.filter(
          ({ from, to }) => top(from) === 'api' && !['api', 'crawlers', 'pipeline'].includes(top(to)),
        ),
      ),
    ).toEqual([])
  })

  it('dashboard imports types of api/*/routes.ts and the values of api/vocabulary.ts', () => {
    const wrong = imports.filter(
      ({ from, to, typeOnly }) =>
        top(from) === 'dashboard' &&
        top(to) !== 'dashboard' &&
        to !== 'api/vocabulary.ts' &&
        !(typeOnly && /^(api\/[a-z-]+\/routes|pipeline\/post)\.ts$/.test(to)),
    )
    expect(lines(wrong)).toEqual([])
  })

  it('nouns at the bottom import no noun above them, and the secondary services only people', () => {
    const bottom = ['people', 'accounts', 'sources', 'posts', 'calendar']
    const secondary = ['meetings', 'information', 'expenses']
    const wrong = imports.filter(({ from, to, typeOnly }) => {
      const [a, b] = [noun(from), noun(to)]
      if (!a || !b || a === b || typeOnly) return false
      if (secondary.includes(a)) return b !== 'people'
      return bottom.includes(a) && !bottom.includes(b)
    })
    expect(lines(wrong)).toEqual([])
  })

  it('inside api imports form no cycle, neither between files nor between nouns', () => {
    const values = imports.filter(
      ({ from, to, typeOnly }) => !typeOnly && top(from) === 'api' && top(to) === 'api',
    )
    expect(cycles(values.map(({ from, to }) => [from, to]))).toEqual([])
    const between = values.flatMap(({ from, to }) => {
      const [a, b] = [noun(from), noun(to)]
      return a && b && a !== b ? [[a, b] as [string, string]] : []
    })
    expect(cycles(between)).toEqual([])
  })

  it("only a noun's own folder writes its tables", () => {
    const owner = tableOwners()
    const wrong: string[] = []
    for (const file of files.filter(path => top(path) === 'api')) {
      const text = readFileSync(join(root, file), 'utf8')
      for (const match of text.matchAll(
        /\.(?:insertInto|updateTable|deleteFrom|replaceInto)\(\s*['"](\w+)['"]/g,
      )) {
        const expected = owner.get(match[1]!)
        const mine = noun(file) ?? file.replace(/^api\/|\.ts$/g, '')
        if (expected && !expected.includes(mine)) wrong.push(`${file} writes ${match[1]}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('only config reads the environment, only main ends the process', () => {
    const reads = files.filter(path => /process\.env/.test(readFileSync(join(root, path), 'utf8')))
    const exits = files.filter(path =>
      /process\.(exit\(|exitCode)/.test(readFileSync(join(root, path), 'utf8')),
    )
    expect(reads.filter(path => path !== 'api/config.ts' && path !== 'api/main.ts')).toEqual([])
    expect(exits.filter(path => path !== 'api/main.ts')).toEqual([])
  })

  it('rules, readers and the pipeline read no clock', () => {
    const pure = files.filter(path =>
      /^pipeline\/|^crawlers\/(sites|detect|walls|time|decode|parse)|\/rules(\/|\.ts)|api\/deadline\.ts/.test(
        path,
      ),
    )
    expect(pure.length).toBeGreaterThan(8)
    expect(
      pure.filter(path => /Date\.now\(\)|new Date\(\)/.test(readFileSync(join(root, path), 'utf8'))),
    ).toEqual([])
  })
})

/** Table -> who may write it, from the file that declares it. */
function tableOwners(): Map<string, string[]> {
  const shared: Record<string, string[]> = {
    casework: ['audit', 'settings', 'approval'],
    jobs: ['adapters/queue-local'],
    people: ['people', 'accounts', 'session'],
    slips: ['slips', 'approval'],
  }
  const owners = new Map<string, string[]>()
  for (const file of globSync('api/db/tables/*.ts', { cwd: root })) {
    const name = file.split('/').at(-1)!.replace('.ts', '')
    const block = /interface \w+Tables \{([^}]*)\}/.exec(readFileSync(join(root, file), 'utf8'))?.[1] ?? ''
    for (const match of block.matchAll(/^\s*(\w+):/gm)) owners.set(match[1]!, shared[name] ?? [name])
  }
  return owners
}

/** Every cycle that a depth-first walk meets, as `a -> b -> a`. */
function cycles(edges: [string, string][]): string[] {
  const next = new Map<string, string[]>()
  for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to])
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (node: string, path: string[]) => {
    if (state.get(node) === 'done') return
    if (state.get(node) === 'open') {
      found.push([...path.slice(path.indexOf(node)), node].join(' -> '))
      return
    }
    state.set(node, 'open')
    for (const to of next.get(node) ?? []) visit(to, [...path, node])
    state.set(node, 'done')
  }
  for (const node of next.keys()) visit(node, [])
  return found
}
