import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { engines, expectedFile, meaningful, pageOf, readSaved, savedPages } from './pages.ts'

describe.each(engines)('saved pages of %s', engine => {
  const saved = savedPages(engine)

  it('show what it reads and what it must refuse', () => {
    expect(saved.filter(({ error }) => !error).length, 'pages with content').toBeGreaterThan(0)
    expect(saved.filter(({ error }) => error).length, 'pages without').toBeGreaterThan(1)
    expect(new Set(saved.map(({ name }) => name)).size, 'names are unique').toBe(saved.length)
  })

  it.each(saved.map(each => [each.name, each] as const))('%s', (_name, each) => {
    const read = readSaved(engine, each, pageOf(engine, each))
    if (each.error) expect(read).toMatchObject({ error: each.error })
    else expect(meaningful(read)).toEqual(JSON.parse(readFileSync(expectedFile(engine, each), 'utf8')))
  })
})
