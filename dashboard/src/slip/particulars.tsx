import type { SlipDetail } from '../../../api/slips/routes.ts'
import { FOUND_HOWS, LEVELS, MEDIA_LEVELS } from '../../../api/vocabulary.ts'
import { dateTime } from '../format.ts'

/** The fields of 附件1 as filled in so far; empty ones are left out. */
export function Particulars({ slip }: { slip: SlipDetail }) {
  const rows: [string, string | null][] = [
    ['填报', `${slip.unit.name}　${slip.createdBy.name}　${dateTime(slip.createdAt)}`],
    ['发现', `${dateTime(slip.foundAt)}（${FOUND_HOWS[slip.foundHow]}）`],
    ['类别', slip.topic],
    ['概要', slip.summary],
    ['诉求', slip.demand],
    ['区域', slip.area],
    ['电话', slip.phone],
    ['媒体关注', slip.mediaLevel === 'none' ? null : MEDIA_LEVELS[slip.mediaLevel]],
    ['建议等级', slip.proposedLevel && LEVELS[slip.proposedLevel]],
    ['研判', slip.judgedBy && `${slip.judgedBy.name}　${dateTime(slip.judgedAt)}\n${slip.ground ?? ''}`],
    ['主办', slip.leadUnit?.name ?? null],
    ['协办', slip.coUnits.map(({ name }) => name).join('、') || null],
    ['落实', slip.result],
    ['作废', slip.voidReason],
  ]
  return (
    <section className="panel" aria-label="处理单">
      <h2>舆情信息报告处理单</h2>
      <dl className="fields">
        {rows
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd className="text">{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}
