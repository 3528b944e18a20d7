/** Chinese labels of every code that users see; written once, used by api and dashboard. Values only, no imports. */

/** requirements.md §5.1. */
export const ROLES = {
  duty: '舆情专员（值班）',
  staff: '处室工作人员',
  head: '处室负责人',
  leader: '分管领导',
  chief: '主要领导',
  discipline: '派驻纪检监察组组长',
  office: '市局办公室',
  office_head: '办公室主任',
  liaison: '政务信息联络员',
  finance: '财务',
  admin: '系统管理员',
} as const
export type Role = keyof typeof ROLES

export const OFFICE: readonly Role[] = ['office', 'office_head']
/** Those who decide about what was flagged. */
export const DESK: readonly Role[] = ['duty', ...OFFICE]
/** People of the units and the office. */
export const STAFF: readonly Role[] = ['duty', 'staff', 'head', ...OFFICE]
/** Everyone who works on cases; the administrator does not see them (design §8). */
export const CASE_ROLES: readonly Role[] = [
  'duty',
  'staff',
  'head',
  'leader',
  'chief',
  'discipline',
  ...OFFICE,
]
/** Everyone who works on content. */
export const READERS: readonly Role[] = [...CASE_ROLES, 'liaison']

export const UNIT_KINDS = { office: '市局办公室', department: '处室', subordinate: '直属单位' } as const

/** design §5. */
export const SLIP_STATES = {
  draft: '草稿',
  judging: '待研判',
  drafting: '待拟稿',
  reviewing: '待审核',
  replying: '待回复',
  reporting: '待上报',
  tracking: '跟踪中',
  finished: '已办结',
  filing: '待存档',
  archived: '已存档',
  void: '已作废',
} as const
export type SlipState = keyof typeof SLIP_STATES

/** S-11. */
export const LEVELS = { general: '一般性', complex: '较大、复杂性', major: '重大、影响全局性' } as const
export type Level = keyof typeof LEVELS

export const SLIP_ACTIONS = {
  edit: '修改填报内容',
  submit: '提交研判',
  sendBack: '退回补充',
  judge: '研判',
  confirmJudgement: '确认重大研判',
  changeFoundAt: '更正发现时间',
  requestTransfer: '申请转办',
  reassign: '改派',
  changeLevel: '调整等级',
  saveText: '保存文稿',
  sendForReview: '送审',
  withdraw: '撤回送审',
  approve: '审核同意',
  return: '退回修改',
  countersign: '会签',
  instruct: '批示',
  recordReply: '登记回复',
  recordNoReply: '登记不回复',
  recordReport: '登记上报',
  recordReceipt: '登记回执',
  requestExtension: '申请延期',
  grantExtension: '同意延期',
  refuseExtension: '不同意延期',
  addTracking: '登记跟踪',
  openRound: '再次回应',
  setResult: '登记落实情况',
  finish: '办结',
  handOver: '移交存档',
  archive: '存档',
  addEvidence: '补充佐证',
  void: '作废',
  attachPost: '并入帖子',
  detachPost: '移出帖子',
} as const
export type SlipAction = keyof typeof SLIP_ACTIONS

/** Purpose of a text; 重大 needs an opinion, an extension needs an initial response (S-29). */
export const TEXT_PURPOSES = {
  reply: '回复稿',
  opinion: '处理意见',
  initial: '初步回应',
  none: '不回复理由',
} as const
export type TextPurpose = keyof typeof TEXT_PURPOSES

export const REPLY_MODES = { public: '公开跟帖', private: '论坛短信', none: '不回复' } as const
export type ReplyMode = keyof typeof REPLY_MODES

/** S-28. */
export const PRIVATE_REASONS = {
  privacy: '个人隐私',
  secret: '涉密',
  lawsuit: '涉诉',
  other: '其他',
} as const
export type PrivateReason = keyof typeof PRIVATE_REASONS

/** S-36. */
export const NO_REPLY_REASONS = {
  gone: '原帖已删',
  satisfied: '发帖人已满意',
  rumour: '不实信息已处置',
  instructed: '经请示无需回复',
  other: '其他',
} as const
export type NoReplyReason = keyof typeof NO_REPLY_REASONS

/** S-6. */
export const TOPICS = ['应急管理', '安全生产', '自然灾害', '部门及直属单位形象', '其他'] as const

export const FOUND_HOWS = {
  browse: '日常浏览',
  public: '群众反映',
  superior: '上级交办',
  monitor: '监测系统',
} as const
export type FoundHow = keyof typeof FOUND_HOWS

export const MEDIA_LEVELS = { none: '无', city: '市级', province: '省级', central: '中央' } as const
export type MediaLevel = keyof typeof MEDIA_LEVELS

/** S-22. */
export const REPORT_RECEIVERS = { province: '省应急管理厅', propaganda: '市委宣传部' } as const
export type ReportReceiver = keyof typeof REPORT_RECEIVERS

/** The first report is 重大's gate; what follows keeps the superior informed. */
export const REPORT_KINDS = { first: '初报', followUp: '续报', final: '终报' } as const
export type ReportKind = keyof typeof REPORT_KINDS

/** S-21: the one way in which 主要领导 may report before an opinion is approved. */
export const ORAL = '口头'

/** lapsed: what it asked for came to an end by itself (answered, or the level changed). */
export const EXTENSION_STATES = {
  open: '待审批',
  granted: '已同意',
  refused: '未同意',
  lapsed: '已失效',
} as const
export type ExtensionState = keyof typeof EXTENSION_STATES

export const DISMISS_REASONS = {
  not_ours: '与我局无关',
  duplicate: '重复',
  old: '旧闻',
  advertisement: '广告',
  not_local: '非本地',
  other: '其他',
} as const
export type DismissReason = keyof typeof DISMISS_REASONS

/** How a post is like an earlier one: the same words, the same but touched up, or a short reply that agrees. */
export const COPY_KINDS = {
  exact: '与更早的帖子内容相同',
  near: '与更早的帖子大体相同',
  echo: '附和所在的主题帖',
} as const
export type CopyKind = keyof typeof COPY_KINDS

export const POST_STATES = { visible: '可见', gone: '已删除', restricted: '受限' } as const

export const EVENT_CLASSES = {
  fire: '火灾',
  explosion: '爆炸',
  chemical: '危险化学品',
  gas: '燃气',
  workplace_accident: '生产安全事故',
  workplace_hazard: '生产安全隐患',
  fireworks: '烟花爆竹',
  mine: '矿山',
  building: '房屋安全',
  construction_site: '建筑工地',
  fire_hazard: '火灾隐患',
  lift_boiler: '电梯锅炉',
  road: '道路',
  flood: '洪涝',
  geological: '地质灾害',
  weather: '极端天气',
  forest_fire: '森林火灾',
  earthquake: '地震',
  relief: '救灾救助',
  public_facility: '公共设施',
  bureau_service: '部门服务',
  other: '其他',
} as const

export const VERIFY_STATES = {
  unverified: '未核验',
  verified: '已核验',
  different: '内容有出入',
  notFound: '待核验',
  gone: '已看不到',
} as const
export type VerifyState = keyof typeof VERIFY_STATES

/** Crawl error kinds (crawlers/site.ts) as the duty officer reads them. */
export const CRAWL_ERRORS = {
  gone: '页面已删除',
  login: '需要登录',
  forbidden: '没有权限',
  challenge: '来源受限（验证页面）',
  throttled: '来源受限（访问过快）',
  closed: '站点关闭',
  notFound: '版块或地址不存在',
  parse: '页面结构变化',
  network: '网络不通',
  tooLarge: '页面过大',
  robots: 'robots.txt 禁止',
} as const

/** Kinds of sources by their reader (crawlers/site.ts). */
export const ENGINE_NAMES = {
  discuz: 'Discuz! 论坛',
  phpwind: 'PHPWind 论坛',
  hualongxiang: '化龙巷',
  cz001: '中国常州网',
  article: '新闻与公告网站',
  feed: '订阅源（RSS、Atom、JSON）',
  weixin: '微信公众号',
  weibo: '微博',
  manual: '人工录入',
} as const

/** Which of a board's lists is looked at. */
export const LIST_ORDERS = { lastReply: '按最后回复', newest: '按最新发帖' } as const

/** What notices are about; a person chooses per topic what also goes out by mail or robot. */
export const NOTICE_TOPICS = {
  flag: '新线索',
  burst: '舆情突增',
  task: '待我办理',
  deadline: '时限提醒',
  reply: '回复核验',
  patrol: '巡查与专员',
  calendar: '放假安排',
  source: '信源异常（运维）',
  system: '系统运行（运维）',
} as const
export type NoticeTopic = keyof typeof NOTICE_TOPICS

export const NOTICE_CHANNELS = {
  mail: '电子邮件',
  wecom: '企业微信机器人',
  dingtalk: '钉钉机器人',
  feishu: '飞书机器人',
} as const
export type NoticeChannel = keyof typeof NOTICE_CHANNELS

export const DELIVERY_STATES = {
  waiting: '待发送',
  sent: '已发送',
  failed: '发送失败',
} as const
export type DeliveryState = keyof typeof DELIVERY_STATES

/** Why a picture of a page was taken. */
export const CAPTURE_REASONS = {
  flag: '提示时',
  slip: '填报时',
  approved: '回复前',
  reply: '回复后',
  change: '原帖变化',
} as const
export type CaptureReason = keyof typeof CAPTURE_REASONS

/** What a piece of evidence is. */
export const EVIDENCE_KINDS = {
  page: '网页原文',
  headers: '响应头',
  posts: '读出的内容',
  screenshot: '截图',
  upload: '上传图片',
} as const

/** Sentiment of a post (pipeline). */
export const MOODS = { negative: '负面', neutral: '中性', positive: '正面' } as const

/** How soon a burst is told: how unlikely it must be, and how many posts it must have at least. */
export const SENSITIVITIES = { high: '灵敏', middle: '适中', low: '迟钝' } as const
export type Sensitivity = keyof typeof SENSITIVITIES

export const BURST_KINDS = { topic: '主题', source: '信源', event: '事件' } as const
export type BurstKind = keyof typeof BURST_KINDS

/** What people decide about events, as the audit names it. */
export const EVENT_ACTIONS = {
  'event.make': '建立事件',
  'event.rename': '改名',
  'event.merge': '并入别的事件',
  'event.mergedFrom': '合并',
  'event.split': '拆分',
  'event.pin': '归入',
  'event.takeOut': '移出',
  'event.lost': '归入别的事件',
  'event.undo': '撤销',
} as const
export type EventAction = keyof typeof EVENT_ACTIONS

/** requirements §3.1.4: what points to which level; it proposes, 办公室 decides (S-10). */
export const CHECKLIST = {
  oneForum: { level: 'general', label: '单一论坛的咨询、投诉或建议，跟帖少，无媒体关注' },
  severalSites: { level: 'complex', label: '多个站点出现负面声音并在增长' },
  influential: { level: 'complex', label: '本地有影响的账号参与' },
  departments: { level: 'complex', label: '事实须两个以上部门核实' },
  coordination: { level: 'complex', label: '涉及多人的民生诉求，须协调解决' },
  danger: { level: 'complex', label: '有具体险情或人员受伤、被困' },
  provinceMedia: { level: 'complex', label: '省级媒体或重点本地网站关注' },
  centralMedia: { level: 'major', label: '中央媒体或全国性门户关注' },
  casualties: { level: 'major', label: '有人员死亡、失联，或严重事故、灾害' },
  sensitive: { level: 'major', label: '敏感日期或敏感人物' },
  gathering: { level: 'major', label: '线下聚集' },
  wholeBureau: { level: 'major', label: '影响全局工作' },
  stillGrowing: { level: 'major', label: '较大、复杂性舆情处置不当，仍在扩大' },
} as const satisfies Record<string, { level: Level; label: string }>
export type ChecklistRow = keyof typeof CHECKLIST
