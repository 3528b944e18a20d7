import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Rows of a JSON Lines file of the data folder. */
export const readRows = <T>(dataDir: string, file: string): T[] =>
  readFileSync(join(dataDir, file), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as T)
