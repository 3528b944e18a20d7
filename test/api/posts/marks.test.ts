import { describe, expect, it } from 'vitest'
import { type Mark, markWords } from '../../../api/posts/rules.ts'

const words = (marks: readonly Mark[], title: string, excerpt: string) =>
  marks.map(({ field, start, end }) => (field === 'title' ? title : excerpt).slice(start, end))
const marked = (query: string, title: string, excerpt: string) =>
  words(markWords(query, title, excerpt), title, excerpt)

describe('highlights stand where search found the words', () => {
  it('in title and text, several words, each time', () => {
    expect(marked('化工 异味', '化工园异味', '又是化工厂，异味很重，化工啊')).toEqual([
      '化工',
      '异味',
      '化工',
      '异味',
      '化工',
    ])
  })
  it('whatever the width and the case', () => {
    expect(marked('tel139', '', '联系 ＴＥＬ１３９1234')).toEqual(['ＴＥＬ１３９'])
    expect(marked('ＡＢ', 'abAB', '')).toEqual(['ab', 'AB'])
  })
  it('parts that signs tear apart are words of their own', () => {
    expect(marked('遥观，化工', '', '化工厂在遥观')).toEqual(['化工', '遥观'])
    expect(marked('。！', '。！', '。！')).toEqual([])
  })
  it('behind characters that grow or shrink when folded, offsets still fit', () => {
    expect(marked('火灾', '', 'İ㎏ﬃ𠮷e\u0301 火灾')).toEqual(['火灾'])
    expect(marked('é', '', 'caf\u0065\u0301')).toEqual(['e\u0301'])
    expect(marked('kg', '', '重 5㎏ 左右')).toEqual(['㎏'])
  })
  it('an empty query marks nothing', () => {
    expect(markWords('  ', '火', '火')).toEqual([])
  })
})
