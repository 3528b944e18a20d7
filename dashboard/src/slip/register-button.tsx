import { FileExcelOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { shanghaiDay } from '../format.ts'

/** 台账 of a month as a sheet, of the unit and level that the list shows. */
export function RegisterButton({ unit, level }: { unit: string | null; level: string | null }) {
  const [month, setMonth] = useState(() => shanghaiDay(Date.now()).slice(0, 7))
  const query = new URLSearchParams({ month, ...(unit && { unit }), ...(level && { level }) })
  return (
    <span className="row-actions">
      <Input
        type="month"
        aria-label="台账月份"
        style={{ width: 170 }}
        value={month}
        onChange={({ target }) => target.value && setMonth(target.value)}
      />
      <Button icon={<FileExcelOutlined aria-hidden />} href={`/api/register.xlsx?${query}`}>
        导出台账
      </Button>
    </span>
  )
}
