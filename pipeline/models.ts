import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'models')

/** Weights and word lists of pipeline/models, as packed there. */
export const readModel = (name: string): Uint8Array => readFileSync(join(folder, name))

let known: string | undefined
/** Changes whenever any of them does: part of the pipeline's version. */
export function modelsHash(): string {
  if (known) return known
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).sort())
    if (name.endsWith('.gz')) hash.update(name).update(readModel(name))
  known = hash.digest('hex')
  return known
}
