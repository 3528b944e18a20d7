/**
 * Every error that leaves the system: code -> HTTP status and a Chinese sentence that says what to do.
 * The answer is `{ code, message, details }`; messages of >= 500 are never shown beyond the general one.
 */
export const ERRORS = {
  'request.invalid': { status: 400, message: '提交的内容不完整或格式不对，请按提示修改后再试。' },
  'request.tooLarge': { status: 413, message: '文件或内容过大，请压缩或分次提交。' },
  'request.mediaType': { status: 415, message: '不支持这种文件类型，请上传 PNG 或 JPEG 图片。' },
  'request.origin': { status: 403, message: '请求来源不符，请从本系统页面重新操作。' },
  'request.tooMany': { status: 429, message: '操作过于频繁，请稍后再试。' },
  notFound: { status: 404, message: '没有找到这条记录，可能已被移走，请返回列表刷新。' },
  'server.failed': { status: 500, message: '系统出现故障，内容没有保存，请稍后重试；若仍不行请联系管理员。' },

  'auth.required': { status: 401, message: '请先登录。' },
  'auth.wrong': { status: 401, message: '用户名或密码不对。' },
  'auth.locked': { status: 423, message: '连续输错次数过多，账号已锁定，请十五分钟后再试或联系管理员。' },
  'auth.forbidden': { status: 403, message: '您没有办理这一步的权限。' },
  'auth.mustChangePassword': { status: 403, message: '请先修改初始密码。' },
  'auth.weakPassword': {
    status: 400,
    message: '密码至少八位，且须含字母、数字、符号中的三类（大小写分别计），不得含用户名。',
  },
  'setup.used': { status: 410, message: '初始化链接已使用或已失效，请在服务器上重新启动以取得新的链接。' },

  'person.duplicate': { status: 409, message: '已有同名的登录名，请换一个。' },
  'person.stale': { status: 409, message: '资料刚被别人修改，请刷新后再试。' },
  'person.secondChief': {
    status: 409,
    message: '已有一名在任的主要领导（领导小组组长），请先停用或调整原任。', // S-1
  },
  'person.lastAdmin': { status: 409, message: '至少要保留一名管理员。' },
  'charge.overlap': { status: 409, message: '同一处室在这段时间已有分管领导，请先结束原有分工。' },
  'deputy.dates': { status: 400, message: '代理起止日期不对，止日不得早于起日。' },
  'deputy.person': { status: 400, message: '代理双方须是在职人员，请重新选择。' },
  'charge.person': { status: 400, message: '分管领导须是在职的局领导，请重新选择。' },
  'account.duplicate': { status: 409, message: '该平台已登记同名账号。' },

  'calendar.invalid': { status: 400, message: '放假调休日历有误，请按提示修改后再提交。' },

  'rule.invalid': { status: 400, message: '规则有误，请按提示修改。' },
  'rule.same': { status: 409, message: '与启用中的版本相同，没有要提出的改动。' },
  'rule.exists': { status: 409, message: '已有这个编号的规则，请换一个编号，或打开那条规则修改。' },
  'rule.decided': { status: 409, message: '这一版规则已经处理过，请刷新查看。' },
  'rule.untested': { status: 409, message: '请先用最近 30 天的帖子回测这一版，看过结果再启用。' },
  'rule.silent': { status: 503, message: '分析进程没有应答，请稍后再试；若仍不行请联系管理员。' },

  'notice.channel': { status: 400, message: '通知渠道设置有误，请按提示修改。' },
  'notice.send': { status: 502, message: '没有发送成功。' },

  'post.handled': { status: 409, message: '这条线索刚被别人处理，请刷新查看。' },
  'post.undo': { status: 409, message: '这条线索当前不能撤销。' },
  'search.away': { status: 503, message: '检索服务暂时连不上，请稍后再试；线索、处理单等其他页面不受影响。' },
  'event.stale': { status: 409, message: '事件刚被别人调整，请刷新后再试。' },
  'event.later': { status: 409, message: '之后又有人改过，请先撤销后做的那一步。' },
  'event.undone': { status: 409, message: '这一步已经撤销了，请刷新。' },
  'event.posts': { status: 400, message: '所选帖子不在这个事件里，请刷新后重新选择。' },

  'intake.file': { status: 400, message: '文件读不了，请下载模板，照模板的格式保存后再导入。' },
  'intake.problems': { status: 409, message: '有几行填得不对，请改好后再导入，或选择跳过这些行。' },

  'source.unknown': { status: 404, message: '没有这个信源。' },
  'source.invalid': { status: 400, message: '信源配置有误，请按提示修改。' },
  'source.stale': { status: 409, message: '信源刚被别人修改，请刷新后再改。' },
  'source.same': { status: 409, message: '与现在的设置相同，没有要保存的改动。' },
  'source.robots': { status: 409, message: '该站的 robots.txt 不允许采集所填路径，不能加入。' },

  'print.template': { status: 500, message: '表单模板有误，请恢复随程序提供的模板。' },
  'print.noOffice': {
    status: 501,
    message: '本机没有安装 LibreOffice，不能生成 PDF。请改为下载 Word 文件，或请管理员安装 LibreOffice。',
  },
  'print.failed': { status: 500, message: '生成 PDF 失败，请改为下载 Word 文件，或稍后再试。' },

  'slip.stale': { status: 409, message: '处理单刚被别人修改，请核对变化后再提交。' },
  'slip.state': { status: 409, message: '处理单当前状态不能办理这一步。' },
  'personal.forbidden': {
    status: 403,
    message: '网民的姓名、电话等只供承办、研判和审核的人员查看。',
  },
  'slip.forbidden': { status: 403, message: '这一步不由您办理。' },
} as const satisfies Record<string, { status: number; message: string }>

export type ErrorCode = keyof typeof ERRORS

/** Thrown anywhere below HTTP; the app turns it into the answer. `message` replaces the table's sentence. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: Record<string, unknown> | undefined
  constructor(
    code: ErrorCode,
    options: { message?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(options.message ?? ERRORS[code].message, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.details = options.details
  }
}
