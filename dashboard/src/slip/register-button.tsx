import { FileExcelOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { shanghaiDay } from '../format.ts'
import { MonthInput } from '../ui/when.tsx'

/** 台账 of a month as a sheet, of the unit and level that the list shows. */
export function RegisterButton({ unit, level }: { unit: string | null; level: string | null }) {
  const [month, setMonth] = useState(() => shanghaiDay(Date.now()).slice(0, 7))
  const query = new URLSearchParams({ month, ...(unit && { unit }), ...(level && { level }) })
  return (
    <span className="row-actions">
      <MonthInput aria-label="台账月份" width={140} value={month} onChange={setMonth} />
      <Button icon={<FileExcelOutlined aria-hidden />} href={`/api/register.xlsx?${query}`}>
        导出台账
      </Button>
    </span>
  )
}
