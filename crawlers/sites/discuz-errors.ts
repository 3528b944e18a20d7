import { faultBy } from '../walls.ts'

/** Wording of the message page -> kind (sites.md §1.7, discuz-live.md §2); the first that fits. */
export const pageError = faultBy('#messagetext', '#threadlisttableid, .threadlist', '#postlist, .plc', [
  [/主题不存在|已被删除|正在被审核/, 'gone'],
  [/版块不存在|Specified forum not found/, 'notFound'],
  [/需要(先)?\s*登录|尚未登录/, 'login'],
  [/没有权限|阅读权限高于|密码版块/, 'forbidden'],
  [/秒内只能|每分钟最多|刷新(过快|间隔|限制)|速度过快/, 'throttled'],
  [/站点(暂时)?关闭|维护|升级/, 'closed'],
])
