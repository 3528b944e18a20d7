import { MoreOutlined } from '@ant-design/icons'
import { Alert, Button, Dropdown } from 'antd'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { SLIP_ACTIONS, type SlipAction } from '../../../api/vocabulary.ts'
import { Due } from '../ui/due.tsx'
import { LevelPill, StatePill } from '../ui/pills.tsx'
import { PrintMenu } from './print-menu.tsx'
import { Road } from './road.tsx'

/** Have a place of their own on the page. */
const ELSEWHERE: readonly SlipAction[] = ['approve', 'return', 'sendForReview']
/** The acts that a state waits for, the next one first. */
const NEXT: readonly SlipAction[] = [
  'grantExtension',
  'refuseExtension',
  'submit',
  'confirmJudgement',
  'judge',
  'recordReply',
  'recordNoReply',
  'recordReport',
  'addTracking',
  'finish',
  'handOver',
  'archive',
]

/** Title, where the slip stands, what is to be done: one primary act, its companions, the rest behind 更多. */
export function SlipHead({ slip, onAct }: { slip: SlipDetail; onAct(action: SlipAction): void }) {
  const tracked = slip.tracking.length > 0
  const drafts = slip.status === 'drafting'
  const next = NEXT.filter(
    each => slip.allowed.includes(each) && !(each === 'confirmJudgement' && !slip.pendingMajor),
  ).sort((a, b) => (tracked && a === 'finish' ? -1 : tracked && b === 'finish' ? 1 : 0))
  const rest = slip.allowed
    .filter(each => !next.includes(each) && !ELSEWHERE.includes(each) && !(drafts && each === 'saveText'))
    // What cannot be taken back stands apart, at the end.
    .sort((a, b) => Number(a === 'void') - Number(b === 'void'))
  return (
    <header className="panel slip-head">
      <div className="slip-head-line">
        <span className="number">{slip.number ?? '草稿（提交后编号）'}</span>
        <StatePill status={slip.status} />
        <LevelPill level={slip.level} />
        {slip.round > 1 && <span className="pill">第 {slip.round} 轮</span>}
        {slip.archiveNumber && <span className="pill green">档号 {slip.archiveNumber}</span>}
        <span className="grow" />
        <PrintMenu slip={slip} />
      </div>
      <h1>{slip.title}</h1>
      <Road slip={slip} />
      <dl className="facts">
        <div>
          <dt>等待</dt>
          <dd>{slip.waitingFor}</dd>
        </div>
        <div>
          <dt>答复时限</dt>
          <dd>
            <Due slipId={slip.id} dueAt={slip.dueAt} provisional={slip.provisional} onTime={slip.onTime} />
          </dd>
        </div>
        <div>
          <dt>主办</dt>
          <dd>{slip.leadUnit?.name ?? '研判时确定'}</dd>
        </div>
        <div>
          <dt>审核人</dt>
          <dd>{slip.reviewer?.name ?? '—'}</dd>
        </div>
      </dl>
      {slip.warnings.map(warning => (
        <Alert key={warning} type="warning" showIcon title={warning} className="gap-above" />
      ))}
      {(next.length > 0 || rest.length > 0) && (
        <div className="row-actions gap-above">
          {next.map((each, i) => (
            <Button key={each} type={i ? 'default' : 'primary'} onClick={() => onAct(each)}>
              {SLIP_ACTIONS[each]}
            </Button>
          ))}
          {rest.length > 0 && (
            <Dropdown
              trigger={['click']}
              menu={{
                items: rest.map(key => ({ key, label: SLIP_ACTIONS[key], danger: key === 'void' })),
                onClick: ({ key }) => onAct(key as SlipAction),
              }}
            >
              <Button icon={<MoreOutlined />}>更多</Button>
            </Dropdown>
          )}
        </div>
      )}
    </header>
  )
}
