import { existsSync } from 'node:fs'
import { Jieba } from './jieba.ts'

export interface Segmenter {
  cut(text: string): string[]
  /** Dictionary words only; what the dictionary does not know falls apart into single characters. */
  cutKnown(text: string): string[]
}

let loaded: string | undefined

/** Words as our trade cuts them; loads once a process (1-1.5 s), so only where texts are understood. */
export function createSegmenter(userDictionary: string): Segmenter {
  // A missing dictionary would end the whole process inside the native code.
  if (!existsSync(userDictionary)) throw new Error(`词典文件不存在：${userDictionary}`)
  const jieba = Jieba()
  if (loaded !== userDictionary) jieba.load({ userDict: userDictionary })
  loaded = userDictionary
  return { cut: text => jieba.cut(text, true), cutKnown: text => jieba.cut(text, false) }
}
