/** What a request's body or query got wrong, in Chinese: the validator speaks English. */
interface Fault {
  keyword?: string
  instancePath: string
  params?: Record<string, unknown>
}

/** Fields as the screens call them; any other goes by its own name. */
const FIELDS: Record<string, string> = {
  title: '标题',
  text: '内容',
  body: '文稿',
  reason: '理由',
  ground: '依据',
  basis: '依据',
  name: '名称',
  login: '用户名',
  password: '密码',
  url: '网址',
  author: '作者',
  source: '来自',
  board: '版块',
  phone: '电话',
  summary: '概要',
  demand: '诉求',
  area: '区域',
  result: '落实情况',
  opinion: '意见',
  judgement: '跟踪研判',
  claims: '新的诉求',
  note: '备注',
  number: '文号',
  notice: '文号',
  custodian: '保管人',
  contact: '联系方式',
  day: '日期',
  from: '起日',
  to: '止日',
  activeFrom: '启用日',
  activeTo: '停用日',
  dueAt: '时限',
  foundAt: '发现时间',
  repliedAt: '回复时间',
  publishedAt: '发布时间',
  uploads: '图片',
}

const called = (field: string): string => FIELDS[field] ?? field

function sentence({ keyword, instancePath, params = {} }: Fault): string {
  const field = called(instancePath.split('/').findLast(part => part && !/^\d+$/.test(part)) ?? '')
  const limit = String(params.limit ?? '')
  switch (keyword) {
    case 'required':
      return `缺少${[params.requiredProperties ?? []].flat().map(String).map(called).join('、')}`
    case 'minLength':
      return limit === '1' ? `${field}不能为空` : `${field}至少 ${limit} 个字`
    case 'maxLength':
      return `${field}不能超过 ${limit} 个字`
    case 'minItems':
      return `${field}至少要有 ${limit} 项`
    case 'maxItems':
      return `${field}最多 ${limit} 项`
    case 'minimum':
      return `${field}不能小于 ${limit}`
    case 'maximum':
      return `${field}不能大于 ${limit}`
    default:
      return field ? `${field}填得不对` : '内容的格式不对'
  }
}

/** One sentence for people: every fault once, at most five. */
export function badInput(faults: readonly Fault[]): string {
  const said = [...new Set(faults.map(sentence))].slice(0, 5)
  return `提交的内容有误：${said.join('；')}。请改正后再试。`
}
