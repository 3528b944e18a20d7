import { createRequire } from 'node:module'

interface JiebaApi {
  /** Words with their inverse document frequency (natural logarithm), one a line. */
  readonly DEFAULT_IDF_DICT: string
  load(options: { userDict: string }): void
  cut(text: string, hmm: boolean): string[]
}

/** nodejieba is CommonJS with a native part: required when first asked for, never at import. */
export const Jieba = (): JiebaApi => createRequire(import.meta.url)('nodejieba') as JiebaApi
