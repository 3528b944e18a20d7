import type { TableColumnsType } from 'antd'
import type { Level, SlipState } from '../../../api/vocabulary.ts'
import { dateTime } from '../format.ts'
import { LevelPill, StatePill } from './pills.tsx'

interface SlipFacts {
  level: Level | null
  status: SlipState
  waitingFor: string | null
  foundAt: number
}

/** What every table of slips says of one: its level, its state, whom it waits for and when it was found. */
export const slipColumns = <Row extends SlipFacts>(): TableColumnsType<Row> => [
  { title: '等级', width: 128, render: (_, { level }) => <LevelPill level={level} /> },
  { title: '状态', width: 84, render: (_, { status }) => <StatePill status={status} /> },
  { title: '等待', width: 140, dataIndex: 'waitingFor' },
  {
    title: '发现',
    width: 144,
    render: (_, { foundAt }) => <span className="number">{dateTime(foundAt)}</span>,
  },
]
