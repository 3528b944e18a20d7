import type { AccountView } from '../../../api/accounts/routes.ts'
import type { UnitView } from '../../../api/people/routes.ts'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import {
  FOUND_HOWS,
  LEVELS,
  MEDIA_LEVELS,
  NO_REPLY_REASONS,
  PRIVATE_REASONS,
  REPLY_MODES,
  REPORT_KINDS,
  REPORT_RECEIVERS,
  type SlipAction,
  TEXT_PURPOSES,
  TOPICS,
} from '../../../api/vocabulary.ts'
import { dateTime, shanghaiDay } from '../format.ts'
import type { Field } from '../ui/field.tsx'
import { optionsOf } from '../ui/options.ts'
import { Checklist } from './checklist.tsx'

const reason = (label = '理由', required = true): Field => ({ name: 'reason', label, kind: 'area', required })

/** What each act asks of a person; the server checks it all again. */
export function fieldsOf(
  action: SlipAction,
  slip: SlipDetail,
  units: UnitView[],
  accounts: AccountView[],
  now: number,
): Field[] {
  const unitOptions = units
    .filter(({ activeTo }) => activeTo === null)
    .map(({ id, name }) => ({ value: id, label: name }))
  const entries = slip.entries
    .filter(({ detachedAt }) => detachedAt === null)
    .map(({ id, title, platform }) => ({ value: id, label: `${platform}：${title ?? ''}` }))
  const waiting = slip.entries
    .filter(({ detachedAt, reply }) => detachedAt === null && !reply)
    .map(({ id, title, platform }) => ({ value: id, label: `${platform}：${title ?? ''}` }))
  const today = shanghaiDay(now)
  const usable = accounts.filter(
    each => each.realName && each.activeFrom <= today && (each.activeTo === null || today <= each.activeTo),
  )
  const answered = slip.entries.find(({ id }) => id === waiting[0]?.value)
  const fitting =
    answered?.postId === null
      ? usable[0]
      : usable.find(({ platformName }) => platformName === answered?.platform)
  const texts = slip.texts.filter(({ round }) => round === slip.round)
  const latest = texts.at(-1)
  const approved = texts.findLast(({ approval }) => approval)
  const level: Field = {
    name: 'level',
    label: '等级',
    kind: 'select',
    options: optionsOf(LEVELS),
    required: true,
    initial: slip.level ?? slip.proposedLevel,
  }
  const onlyMajor = { field: 'level', in: ['major'] }
  const ordered: Field[] = [
    { name: 'dueAt', label: '上级要求的时限', kind: 'time', required: true, when: onlyMajor },
    { name: 'order', label: '上级要求（原话）', kind: 'area', when: onlyMajor, initial: slip.order },
    {
      name: 'serious',
      label: '涉及较大以上事故（24 小时内回应，否则 48 小时）',
      kind: 'check',
      when: onlyMajor,
      initial: slip.serious,
    },
  ]
  const together: Field = {
    name: 'coUnitIds',
    label: '协办处室',
    kind: 'several',
    options: unitOptions,
    initial: slip.coUnits.map(({ id }) => id),
  }
  const bothOut = new Set(slip.reports.map(({ receiver }) => receiver)).size === 2
  const openExtension = slip.extensions.find(({ state }) => state === 'open')
  const purpose = slip.level === 'major' && slip.reports.length < 2 ? 'opinion' : (latest?.purpose ?? 'reply')
  const forms: Partial<Record<SlipAction, Field[]>> = {
    submit: [reason('情况说明（填报比发现、或发现比发帖迟了 1 个工作日以上时必填）', false)],
    sendBack: [reason('要补充什么')],
    judge: [
      {
        name: 'checklist',
        label: '核对表（系统先勾选，以您的判断为准）',
        kind: 'custom',
        control: <Checklist slipId={slip.id} />,
      },
      level,
      { name: 'ground', label: '研判依据', kind: 'area', required: true },
      {
        name: 'leadUnitId',
        label: '主办处室',
        kind: 'select',
        options: unitOptions,
        required: true,
        initial: slip.leadUnit?.id ?? slip.unit.id,
      },
      together,
      ...ordered,
    ],
    confirmJudgement: [
      { name: 'agree', label: '同意定为重大', kind: 'check', initial: true },
      reason('理由（不同意时必填）', false),
    ],
    changeFoundAt: [
      { name: 'foundAt', label: '发现时间', kind: 'time', required: true, initial: slip.foundAt },
      reason(),
    ],
    requestTransfer: [
      { name: 'toUnitId', label: '转往处室', kind: 'select', options: unitOptions, required: true },
      reason(),
    ],
    reassign: [
      {
        name: 'leadUnitId',
        label: '主办处室',
        kind: 'select',
        options: unitOptions,
        required: true,
        initial: slip.leadUnit?.id,
        help: '时限不因改派重新计算',
      },
      together,
      reason(),
    ],
    changeLevel: [level, { name: 'ground', label: '调整理由', kind: 'area', required: true }, ...ordered],
    saveText: [
      {
        name: 'purpose',
        label: '文稿种类',
        kind: 'select',
        options: optionsOf(TEXT_PURPOSES),
        required: true,
        initial: purpose,
      },
      { name: 'body', label: '文稿', kind: 'area', required: true, initial: latest?.body ?? '' },
      {
        name: 'mode',
        label: '回复方式',
        kind: 'select',
        options: optionsOf(REPLY_MODES),
        required: true,
        initial: latest?.mode ?? 'public',
      },
      {
        name: 'privateReason',
        label: '不公开的理由',
        kind: 'select',
        options: optionsOf(PRIVATE_REASONS),
        required: true,
        when: { field: 'mode', in: ['private'] },
      },
      { name: 'reason', label: '理由说明', kind: 'line', when: { field: 'privateReason', in: ['other'] } },
    ],
    sendForReview: [],
    withdraw: [],
    return: [reason('退回意见')],
    countersign: [{ name: 'opinion', label: '会签意见', kind: 'area', required: true, initial: '同意' }],
    instruct: [{ name: 'body', label: '批示', kind: 'area', required: true }],
    recordReply: [
      {
        name: 'entryId',
        label: '回复的帖子',
        kind: 'select',
        options: waiting,
        required: true,
        initial: waiting[0]?.value,
      },
      {
        name: 'accountId',
        label: '实名账号',
        kind: 'select',
        options: usable.map(({ id, name, platformName }) => ({
          value: id,
          label: `${name}（${platformName}）`,
        })),
        required: true,
        initial: fitting?.id,
        ...(!fitting && { help: '这个平台还没有登记在用的账号，请办公室在「人员与分工」的实名账号里登记' }),
      },
      {
        name: 'mode',
        label: '回复方式',
        kind: 'select',
        options: optionsOf(REPLY_MODES).filter(({ value }) => value !== 'none'),
        required: true,
        initial: approved?.mode ?? 'public',
      },
      {
        name: 'url',
        label: '回复网址',
        kind: 'line',
        required: true,
        when: { field: 'mode', in: ['public'] },
        help: '回帖后从浏览器地址栏复制；系统按它回看页面、核验回复',
      },
      { name: 'repliedAt', label: '回复时间', kind: 'time', required: true, initial: now },
      { name: 'uploads', label: '截图', kind: 'uploads' },
      reason('说明（账号未认证时必填）', false),
    ],
    recordNoReply: [
      {
        name: 'entryId',
        label: '帖子',
        kind: 'select',
        options: waiting,
        required: true,
        initial: waiting[0]?.value,
      },
      {
        name: 'noReplyReason',
        label: '不回复理由',
        kind: 'select',
        options: optionsOf(NO_REPLY_REASONS),
        required: true,
      },
      reason('情况说明'),
      { name: 'uploads', label: '截图', kind: 'uploads' },
    ],
    recordReport: [
      {
        name: 'receiver',
        label: '报送单位',
        kind: 'select',
        options: optionsOf(REPORT_RECEIVERS),
        required: true,
      },
      {
        name: 'kind',
        label: '种类',
        kind: 'select',
        options: optionsOf(REPORT_KINDS).filter(({ value }) => bothOut === (value !== 'first')),
        required: true,
        initial: bothOut ? 'followUp' : 'first',
      },
      { name: 'sentAt', label: '报送时间', kind: 'time', required: true, initial: now },
      { name: 'way', label: '方式', kind: 'line', required: true, help: '公文系统、传真、电话、口头…' },
      { name: 'handler', label: '经办人', kind: 'line', required: true },
      { name: 'receipt', label: '回执', kind: 'line', help: '收到后也可以再登记' },
      { name: 'note', label: '备注', kind: 'area' },
      { name: 'uploads', label: '附件图片', kind: 'uploads' },
    ],
    recordReceipt: [
      {
        name: 'reportId',
        label: '哪一次上报',
        kind: 'select',
        options: slip.reports.map(({ id, receiver, kind }) => ({
          value: id,
          label: `${REPORT_RECEIVERS[receiver]}（${REPORT_KINDS[kind]}）`,
        })),
        required: true,
      },
      { name: 'receipt', label: '回执', kind: 'line', required: true },
      { name: 'uploads', label: '回执图片', kind: 'uploads' },
    ],
    requestExtension: [
      { name: 'untilDay', label: '延长至', kind: 'day', required: true },
      reason('延长理由'),
      { name: 'beyondSeven', label: '超过 7 个工作日，提请主要领导批准', kind: 'check' },
      { name: 'lateReason', label: '初步回应迟于第 2 个工作日的原因（未迟不用填）', kind: 'area' },
    ],
    grantExtension: [
      reason(
        openExtension?.beyondSeven ? '批准理由（超过 7 个工作日必填）' : '意见',
        openExtension?.beyondSeven ?? false,
      ),
    ],
    refuseExtension: [reason()],
    addTracking: [
      { name: 'views', label: '浏览', kind: 'number' },
      { name: 'replies', label: '回复', kind: 'number' },
      { name: 'claims', label: '新的诉求', kind: 'area', initial: '' },
      { name: 'judgement', label: '跟踪研判', kind: 'area', required: true },
    ],
    openRound: [
      { name: 'foundAt', label: '新情况发现时间', kind: 'time', required: true, initial: now },
      reason('再次回应的原因'),
      {
        name: 'entryIds',
        label: '要再次回应的帖子',
        kind: 'several',
        options: entries,
        initial: entries.map(({ value }) => value),
      },
      ...(slip.level === 'major'
        ? [{ name: 'dueAt', label: '上级要求的时限', kind: 'time', required: true } as const]
        : []),
    ],
    setResult: [
      { name: 'result', label: '落实情况', kind: 'area', required: true, initial: slip.result ?? '' },
    ],
    finish: [
      { name: 'result', label: '落实情况', kind: 'area', required: true, initial: slip.result ?? '' },
      reason('未跟踪的原因（已跟踪不用填）', false),
    ],
    addEvidence: [
      {
        name: 'entryId',
        label: '哪条帖子的截图',
        kind: 'select',
        options: entries,
        help: '佐证回复的，请在下面选回复',
      },
      {
        name: 'replyId',
        label: '佐证哪条回复',
        kind: 'select',
        options: slip.entries.flatMap(({ reply, platform }) =>
          reply ? [{ value: reply.id, label: `${platform} ${dateTime(reply.repliedAt)}` }] : [],
        ),
      },
      { name: 'uploads', label: '图片', kind: 'uploads', required: true },
    ],
    void: [reason('作废理由')],
    attachPost: [
      {
        name: 'postId',
        label: '帖子',
        kind: 'post',
        required: true,
        help: '没有采集到的帖子，请在填报时手工录入',
      },
    ],
    detachPost: [
      { name: 'entryId', label: '帖子', kind: 'select', options: entries, required: true },
      reason('移出理由'),
    ],
    edit: [
      { name: 'title', label: '标题', kind: 'line', required: true, initial: slip.title },
      {
        name: 'topic',
        label: '舆情类别',
        kind: 'select',
        options: TOPICS.map(topic => ({ value: topic, label: topic })),
        required: true,
        initial: slip.topic,
      },
      { name: 'summary', label: '概要', kind: 'area', required: true, initial: slip.summary },
      { name: 'demand', label: '诉求', kind: 'area', initial: slip.demand },
      { name: 'area', label: '涉及区域', kind: 'line', initial: slip.area },
      { name: 'phone', label: '联系电话', kind: 'line', initial: slip.phone },
      {
        name: 'foundHow',
        label: '发现方式',
        kind: 'select',
        options: optionsOf(FOUND_HOWS),
        initial: slip.foundHow,
      },
      {
        name: 'mediaLevel',
        label: '媒体介入',
        kind: 'select',
        options: optionsOf(MEDIA_LEVELS),
        initial: slip.mediaLevel,
      },
      {
        name: 'proposedLevel',
        label: '建议等级',
        kind: 'select',
        options: optionsOf(LEVELS),
        initial: slip.proposedLevel,
      },
    ],
  }
  return forms[action] ?? []
}

/** What goes along without being asked: the text that the person sees, the open extension. */
export function fixedOf(action: SlipAction, slip: SlipDetail): Record<string, unknown> {
  const texts = slip.texts.filter(({ round }) => round === slip.round)
  const open = slip.extensions.find(({ state }) => state === 'open')
  const under = texts.at(-1)
  if (action === 'countersign') return { textId: under?.id, textHash: under?.hash }
  if (action === 'sendForReview') return { textId: texts.at(-1)?.id }
  if (action === 'recordReply') return { textId: texts.findLast(({ approval }) => approval)?.id }
  if (action === 'grantExtension' || action === 'refuseExtension') return { extensionId: open?.id }
  return {}
}
