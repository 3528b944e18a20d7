import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSourcesFile, SourcesFileError } from '../../crawlers/sources-file.ts'

const ROOT = join(import.meta.dirname, '../..')
const files = globSync('crawlers/sites/*.ts', { cwd: ROOT }).map(file => join(ROOT, file))

/** Lines that say something: no import, no comment, no bracket or keyword that stands alone. */
const linesOf = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .replace(/^import [\s\S]*? from '.*'$/gm, '')
    .split('\n')
    .map(line => line.trim())
    .filter(line => !/^(\/?\*|\/\/)/.test(line) && (line.match(/\w{2,}/g)?.length ?? 0) > 1)

/** Share of the shorter file's lines that stand in the other too. */
function shareOfEqualLines(a: string[], b: string[]): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  const known = new Set(long)
  return short.filter(line => known.has(line)).length / short.length
}

describe('the files of crawlers/sites', () => {
  it('share less than a tenth of their lines, two and two', () => {
    expect(files.length).toBeGreaterThan(10)
    const lines = files.map(file => ({ name: basename(file), lines: linesOf(file) }))
    const alike = lines.flatMap((a, at) =>
      lines.slice(at + 1).flatMap(b => {
        const share = shareOfEqualLines(a.lines, b.lines)
        return share < 0.1 ? [] : [`${a.name} and ${b.name}: ${(share * 100).toFixed(1)} %`]
      }),
    )
    expect(alike).toEqual([])
  })
})

describe('config/sources.yaml', () => {
  const text = readFileSync(join(ROOT, 'config/sources.yaml'), 'utf8')

  it('is right, names the sources of S-5, and says of each that is off why', () => {
    const sources = readSourcesFile(text)
    const names = sources.map(({ name }) => name).join('、')
    for (const named of ['中吴网', '化龙巷', '中国常州网', '微博', '公众号', '领导留言板', '市政府'])
      expect(names).toContain(named)
    for (const source of sources.filter(({ enabled }) => enabled === false))
      expect(source.reason?.length, source.name).toBeGreaterThan(10)
  })

  it('a new Discuz! board takes at most 20 lines', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
    const example = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
    const [source] = readSourcesFile(`sources:\n${example}`)
    expect([source?.engine, source?.boards.length]).toEqual(['discuz', 1])
    expect(example.trim().split('\n').length).toBeLessThanOrEqual(20)
  })

  it.each([
    ['selectors: { titel: h1 }', 'selectors 没有「titel」'],
    ["selectors: { title: 'h1[' }", 'selectors.title 不是正确的选择器'],
    ['variant: x9', 'variant「x9」不认识'],
  ])('a mistake in %s is named before anything is fetched', (line, message) => {
    const entry = `  - id: a\n    name: 甲\n    engine: discuz\n    url: https://bbs.example.cn/\n    boards: []\n    delaySeconds: 1\n    dailyCeiling: 9\n    basis: 公开\n    owner: 办公室\n    retentionDays: 9\n    ${line}\n`
    expect(() => readSourcesFile(`sources:\n${entry}`)).toThrow(SourcesFileError)
    expect(() => readSourcesFile(`sources:\n${entry}`)).toThrow(message)
  })
})
