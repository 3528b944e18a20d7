import { Button, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import type { SourceView } from '../../../api/sources/routes.ts'
import { post } from '../api.ts'
import { useFail } from '../ui/use-act.ts'

/** Reads a source's last days after the fact; what is running can be stopped. */
export function BackfillButton({ source, onDone }: { source: SourceView; onDone(): Promise<unknown> }) {
  const fail = useFail()
  const [open, setOpen] = useState(false)
  const [days, setDays] = useState(30)
  const [boards, setBoards] = useState<string[]>([])
  const running = source.boards.some(({ backfill }) => backfill?.state === 'running')
  const send = async (path: string, body: object) => {
    try {
      await post(`/api/sources/${source.id}/${path}`, body)
      setOpen(false)
    } catch (problem) {
      fail(problem)
    }
    await onDone()
  }
  if (running)
    return (
      <Button size="small" onClick={() => void send('backfill/stop', {})}>
        停止补采
      </Button>
    )
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        补采
      </Button>
      <Modal
        open={open}
        title={`补采「${source.name}」`}
        okText="开始补采"
        cancelText="取消"
        onCancel={() => setOpen(false)}
        onOk={() => void send('backfill', { days, ...(boards.length && { boards }) })}
      >
        <p className="muted gap-below">
          从列表往前翻，读最近这些天里有过动静的帖子。新帖优先，按同样的间隔和上限访问，重启后接着读；补到的帖子标「补采」，时限从提示时算起。
        </p>
        <div className="row-actions gap-below">
          最近
          <InputNumber
            aria-label="补采天数"
            min={1}
            max={3650}
            value={days}
            onChange={value => setDays(value ?? 30)}
          />
          天
        </div>
        <Select
          aria-label="补采的版块"
          mode="multiple"
          placeholder="全部版块"
          style={{ width: '100%' }}
          value={boards}
          onChange={setBoards}
          options={source.boards.map(({ key, name }) => ({ value: key, label: name }))}
        />
      </Modal>
    </>
  )
}
