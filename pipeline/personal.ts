/** S-38: where a text names a person or tells how to reach one. Pure; offsets count UTF-16 units of the text as given. */

export type PersonalKind =
  | 'mobile'
  | 'landline'
  | 'idNumber'
  | 'plate'
  | 'email'
  | 'bankCard'
  | 'account'
  | 'name'

export interface PersonalSpan {
  kind: PersonalKind
  start: number
  end: number
  text: string
}

const GAP = '[\\s\\-—.·]?'
const PROVINCES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'
const SURNAMES =
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边吉饶瞿宫窦褚臧巫闫肖付邬仇恽是承蒲虞巢奚糜'
const COMPOUND = '欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|令狐|司徒|夏侯|端木'

interface Finder {
  kind: PersonalKind
  pattern: RegExp
  /** Refuses what only looks like it: a number whose checksum is wrong. */
  holds?: (plain: string, whole: RegExpExecArray) => boolean
}

const digitsOf = (text: string): string => text.replace(/[^\dX]/gi, '').toUpperCase()

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

const isDate = (digits: string): boolean => {
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6, 8)].map(Number) as [
    number,
    number,
    number,
  ]
  return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31
}

/** GB 11643: region, date of birth, and for 18 digits the check digit; 15 digits are the form before 1999. */
export function isIdNumber(text: string): boolean {
  const digits = digitsOf(text)
  if (!/^[1-8]/.test(digits)) return false
  if (digits.length === 15) return isDate(`19${digits.slice(6, 12)}`)
  if (digits.length !== 18 || !isDate(digits.slice(6, 14))) return false
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
  return CHECKS[sum % 11] === digits[17]
}

/** The check digit of card numbers (Luhn). */
export function isCardNumber(text: string): boolean {
  const digits = digitsOf(text)
  let sum = 0
  for (let at = digits.length - 1, double = false; at >= 0; at--, double = !double) {
    const digit = Number(digits[at])
    sum += double ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit
  }
  return digits.length >= 16 && digits.length <= 19 && sum % 10 === 0
}

/** Group 1, where there is one, is what gets hidden. First come first served: earlier finders keep their span. */
const FINDERS: Finder[] = [
  { kind: 'email', pattern: /[a-z0-9][\w.+-]{0,40}@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,8}/gi },
  // A number introduced as an ID number is hidden even where it was mistyped.
  {
    kind: 'idNumber',
    pattern: /(?:身份证|证件)(?:号码|号)?[^\d\n]{0,6}(\d{14,17}[\dXx])(?!\d)/g,
  },
  {
    kind: 'idNumber',
    pattern: /(?<![\dA-Za-z])(?:\d{17}[\dXx]|\d{15})(?![\dA-Za-z])/g,
    holds: isIdNumber,
  },
  {
    kind: 'bankCard',
    pattern: /(?:卡号|账号|帐号|账户|帐户|银行卡)[^\d\n]{0,8}(\d(?:[ -]?\d){11,18})(?!\d)/g,
  },
  {
    kind: 'bankCard',
    pattern: /(?<![\d.])(?:[3-6]\d{3})(?: \d{4}){3}(?: \d{1,3})?(?!\d)|(?<![\d.])[3-6]\d{15,18}(?!\d)/g,
    holds: isCardNumber,
  },
  {
    kind: 'mobile',
    pattern: new RegExp(`(?<![\\d.])(?:\\+?86${GAP})?(1[3-9]\\d${GAP}\\d{4}${GAP}\\d{4})(?!\\d)`, 'g'),
  },
  {
    kind: 'landline',
    pattern: /(?<!\d)(?:\(0\d{2,3}\)|0(?:10|2\d|[3-9]\d{2})) ?[-—]? ?[2-9]\d{6,7}(?!\d)/g,
  },
  {
    kind: 'landline',
    pattern: /(?:电话|座机|固话|手机|号码|联系方式)[^\d\n]{0,4}([2-9]\d{6,7})(?!\d)/g,
  },
  {
    kind: 'plate',
    pattern: new RegExp(
      `[${PROVINCES}][A-HJ-NP-Z][·•.\\- ]?(?=[A-Z0-9]*\\d)(?:[A-HJ-NP-Z0-9]{6}|[A-HJ-NP-Z0-9]{5}|[A-HJ-NP-Z0-9]{4}[学警港澳挂使领试超])(?![A-Za-z0-9])`,
      'gi',
    ),
  },
  { kind: 'account', pattern: /(?:qq|扣扣|企鹅号?)(?:号码|号)?[^\w\n]{0,4}([1-9]\d{4,11})(?!\d)/gi },
  {
    kind: 'account',
    pattern: /(?:微信号?|威信|薇信|v信|wechat|vx|wx)(?:号码|号)?[^\w\n]{0,4}([a-z][\w-]{5,19})/gi,
  },
  // A label with a colon names whoever follows; 我叫 and its like only where the name ends there.
  {
    kind: 'name',
    pattern: new RegExp(
      `(?:联系人|姓名|署名|投诉人|举报人|反映人|当事人|报案人|户主|房东|死者|伤者|法人|法定代表人|负责人|收件人|户名|开户名)\\s*[:：]\\s*((?:${COMPOUND}|[${SURNAMES}])[\\u4e00-\\u9fff]{1,2})(?![\\u4e00-\\u9fff])`,
      'g',
    ),
  },
  {
    kind: 'name',
    pattern: new RegExp(
      `(?:我叫|本人叫|名叫|我的名字(?:是|叫)|实名举报人|联系人|姓名|户主|死者|伤者|我是|本人)(?:是|为)?\\s*((?:${COMPOUND}|[${SURNAMES}])[\\u4e00-\\u9fff]{1,2}?)(?=[，。、；,;!！?？\\s(（]|$|电话|手机|身份证|男|女|今年|现年|家住|住在|联系)`,
      'g',
    ),
    holds: name => !NOT_A_NAME.test(name),
  },
]

/** What follows 我是, 本人 and begins with a character that is also a surname. */
const NOT_A_NAME =
  /^(?:常州|武进|金坛|溧阳|江苏|江西|江阴|安徽|单位|单亲|马上|时常|常年|石油|文员|车主|黄牛|孔雀|方便|高中|高三|高一|高二|万分|白领|白天|关于|于是|何况|任何|从来|金牛|包工|安装|安全|管理|管道|路过|路人|房东|房主|解放|成年|时候|强烈|平时|平民|华人|华东|向来|明白|温州|苏州|杭州|兰州|郑州|徐州|梅州|柳州|贺州|项目|水电|钱的|钱都|万般|易的|祝愿|游客|常住|毕业|应届|农民|党员|盛夏|纪委|施工|武警|申请|申报|左右|段子|雷锋|齐齐|程序|欧洲|时隔|孙子|童年|洪水|古人)/

/** NFKC digit for digit: full-width forms count, lengths stay. */
const plain = (text: string): string =>
  text.replace(/[\uff01-\uff5e]/g, char => String.fromCharCode(char.charCodeAt(0) - 0xfee0))

/** What S-38 hides, in the order of the text; spans do not overlap. */
export function findPersonal(text: string): PersonalSpan[] {
  const folded = plain(text)
  const spans: PersonalSpan[] = []
  const taken = new Uint8Array(text.length)
  for (const { kind, pattern, holds } of FINDERS)
    for (const match of folded.matchAll(pattern)) {
      const found = match[1] ?? match[0]
      const start = match.index + (match[1] === undefined ? 0 : match[0].lastIndexOf(found))
      const end = start + found.length
      if (taken.subarray(start, end).includes(1) || (holds && !holds(found, match))) continue
      taken.fill(1, start, end)
      spans.push({ kind, start, end, text: text.slice(start, end) })
    }
  return spans.sort((a, b) => a.start - b.start)
}

/** How many characters stay readable at both ends: enough to tell two apart, too few to use. */
const KEPT: Record<PersonalKind, [head: number, tail: number]> = {
  mobile: [3, 4],
  landline: [0, 2],
  idNumber: [3, 2],
  plate: [2, 1],
  email: [1, 0],
  bankCard: [0, 4],
  account: [1, 0],
  name: [1, 0],
}

function hide({ kind, text }: PersonalSpan): string {
  const [head, tail] = KEPT[kind]
  // An address's domain tells nothing about the person.
  const end = kind === 'email' ? text.indexOf('@') : text.length - tail
  return text.slice(0, head) + '*'.repeat(Math.max(0, end - head)) + text.slice(Math.max(end, head))
}

/** The text with its personal data hidden (138****1234); its length stays, so that offsets hold. */
export function maskPersonal(text: string): string {
  let masked = ''
  let at = 0
  for (const span of findPersonal(text)) {
    masked += text.slice(at, span.start) + hide(span)
    at = span.end
  }
  return masked + text.slice(at)
}
