import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a trainer hands back: files for pipeline/models by name; the model card (`NAME.md`) is one of them. */
export type Trained = Record<string, string | Uint8Array>

/** What each `NAME.ts` under pipeline/train/trainers exports: same data, same bytes. */
export type Train = (dataDir: string) => Promise<Trained>

/** Rows of `FOLDER/FILE` below the data folder, one JSON object a line. */
export const readRows = <Row>(dataDir: string, file: string): Row[] =>
  readFileSync(join(dataDir, file), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Row)
