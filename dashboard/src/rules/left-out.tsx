import { useQuery } from '@tanstack/react-query'
import { Alert } from 'antd'
import type { LeftOut as Answer } from '../../../api/rules/routes.ts'
import { get } from '../api.ts'

const SHOWN = 20

/** What stands in the bureau's file of rules and is not in force: said until it is mended and imported. */
export function LeftOut() {
  const { data } = useQuery({
    queryKey: ['rules', 'left-out'],
    queryFn: () => get<Answer>('/api/rules-left-out'),
  })
  if (!data) return null
  const { faults, waiting } = data
  return (
    <>
      {faults.length > 0 && (
        <Alert
          type="error"
          showIcon
          className="gap-below"
          title="规则文件 config/rules.yaml 有错，写错的规则没有启用"
          description={
            <>
              <div className="faults">{faults.join('\n')}</div>
              请改好这个文件，再由办公室在本页「导入」。其余规则照常使用。
            </>
          }
        />
      )}
      {waiting.length > 0 && (
        <Alert
          type="warning"
          showIcon
          className="gap-below"
          title={`规则文件 config/rules.yaml 里有 ${waiting.length} 条规则还没有导入`}
          description={`${waiting.slice(0, SHOWN).join('、')}${waiting.length > SHOWN ? '等' : ''}。由办公室在本页「导入」这个文件后回测、启用。`}
        />
      )}
    </>
  )
}
