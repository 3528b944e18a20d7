import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')

/** A library of ours once ended every run with 0, so that no failing test could fail the whole. */
it('a failing test makes the test command fail', () => {
  const folder = mkdtempSync(join(root, 'test/.exit-code-'))
  try {
    writeFileSync(
      join(folder, 'failing.test.ts'),
      "import { expect, it } from 'vitest'\nit('fails', () => expect(1).toBe(2))\n",
    )
    const vitest = resolve(root, 'node_modules/vitest/vitest.mjs')
    const done = spawnSync(process.execPath, [vitest, 'run', folder], { cwd: root, encoding: 'utf8' })
    expect(done.stdout + done.stderr).toContain('1 failed')
    expect(done.status).toBe(1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
