/**
 * The reply desk: what a draft still lacks and what a citizen would stumble over. An unfilled blank of a template is
 * refused; everything else is a hint that drafter and approver see (requirements.md knows no rule for it). Pure.
 */
import { findPersonal } from '../../pipeline/personal.ts'

export type HintKind = 'blank' | 'personal' | 'promise' | 'length' | 'tone'

export interface ReplyHint {
  kind: HintKind
  /** The words it is about; '' = the text as a whole. */
  words: string
  advice: string
}

/** `【填：核查时间】` of a template, or an underlined gap; facts are typed by people, never filled in by the program. */
const BLANK = /【填[：:]?([^】\n]{0,40})】|_{3,}|＿{2,}/g

/** Blanks still open, as they stand in the text. */
export const blanksOf = (text: string): string[] => [...text.matchAll(BLANK)].map(([whole]) => whole)

/** Characters of a public answer: shorter says nothing, longer is not read to its end on a phone. */
const SHORTEST = 20
const LONGEST = 300

const PROMISE =
  /(将|会|拟|尽快|抓紧|尽早|近期|下一步|后续|随后|立即|马上|适时|择日)[^，。；！？\n]{0,24}(答复|回复|反馈|处理|整改|核查|检查|调查|解决|完成|通报|公布|公开|落实)/
const DATED =
  /\d\s*(年|月|日|号|天|周|个?工作日|小时)|[一二两三四五六七八九十]\s*(天|周|个?工作日|小时)|今天|今日|明天|明日|当日|本周|下周|本月|下月|月底|年底|周[一二三四五六日]|【填/
const DONE = /^(已|已经|现已|均已)/

const TONE: readonly [RegExp, string][] = [
  [/无理取闹|胡搅蛮缠|刁民|别有用心|恶意炒作/, '不评价发帖人，只说事实和办法'],
  [/造谣|不信谣/, '先说明核查到的事实，是否谣言由有权机关认定'],
  [/不归我(局|们)|与我(局|们)无关|不属于我(局|们)/, '写明由哪个单位负责、怎么联系'],
  [/自行解决|自己解决|无可奉告/, '写明可以怎么办'],
  [/你(?!好|们局)/, '称「您」'],
  [/研究研究|有关部门|相关部门/, '写明是哪个部门'],
]

const sentences = (text: string): string[] => text.split(/(?<=[。；！？\n])/).map(each => each.trim())

/** `isPublic`: everybody reads it, so that names and numbers of people have no place in it. */
export function checkReply(text: string, isPublic: boolean): ReplyHint[] {
  const length = [...text.replace(/\s/g, '')].length
  const hints: ReplyHint[] = blanksOf(text).map(words => ({
    kind: 'blank',
    words,
    advice: '没有填写，填好后才能送审',
  }))
  for (const { start, end } of isPublic ? findPersonal(text) : [])
    hints.push({
      kind: 'personal',
      words: text.slice(start, end),
      advice: '疑为个人信息，公开回复请隐去（单位公开电话除外）',
    })
  for (const sentence of sentences(text)) {
    const promise = PROMISE.exec(sentence)
    if (promise && !DATED.test(sentence) && !DONE.test(sentence))
      hints.push({ kind: 'promise', words: promise[0], advice: '作了承诺但没有时间，请写明何时' })
  }
  for (const [pattern, advice] of TONE) {
    const found = pattern.exec(text)
    if (found) hints.push({ kind: 'tone', words: found[0], advice })
  }
  if (length > 0 && length < SHORTEST)
    hints.push({ kind: 'length', words: '', advice: `只有 ${length} 字，请说明核查情况和结果` })
  if (length > LONGEST)
    hints.push({ kind: 'length', words: '', advice: `${length} 字，超过 ${LONGEST} 字不易读完，请精简` })
  return hints
}
