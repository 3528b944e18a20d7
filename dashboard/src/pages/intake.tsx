import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import type { SourceView } from '../../../api/sources/routes.ts'
import { get } from '../api.ts'
import { OnePost } from '../intake/one-post.tsx'
import { TableIntake } from '../intake/table.tsx'
import '../style/sources.css'
import { PageHead } from '../ui/head.tsx'

const MODES = [
  { value: 'one', label: '录入一条' },
  { value: 'table', label: '表格导入' },
] as const

/** 抖音, 小红书, calls, tables of other offices: everything that no crawler may or can bring. */
export function Intake() {
  const [mode, setMode] = useState<(typeof MODES)[number]['value']>('one')
  const { data } = useQuery({ queryKey: ['sources'], queryFn: () => get<SourceView[]>('/api/sources') })
  const places = (data ?? []).filter(({ engine }) => engine === 'manual').map(({ name }) => name)
  return (
    <>
      <PageHead title="人工录入">
        <Segmented value={mode} onChange={setMode} options={[...MODES]} />
      </PageHead>
      {mode === 'one' ? <OnePost places={places} /> : <TableIntake places={places} />}
    </>
  )
}
