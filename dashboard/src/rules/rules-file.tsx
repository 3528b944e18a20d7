import { App, Button, Input, Modal, Upload } from 'antd'
import { useState } from 'react'
import type { ImportAnswer } from '../../../api/rules/routes.ts'
import { post } from '../api.ts'
import { has, useSession } from '../session.tsx'
import { useFail } from '../ui/use-act.ts'

/** Rules as a YAML file, out and in; what changes is shown before it becomes proposals. */
export function RulesFile({ onDone }: { onDone(): Promise<unknown> }) {
  const session = useSession()
  const { modal } = App.useApp()
  const [file, setFile] = useState<{ yaml: string; answer: ImportAnswer } | null>(null)
  const read = async (picked: File) => {
    try {
      const yaml = await picked.text()
      const body = { yaml, why: '预览', preview: true }
      setFile({ yaml, answer: await post<ImportAnswer>('/api/rules/import', body) })
    } catch (problem) {
      // Every fault by its line: too long for a toast, and wanted while the file is mended.
      const content = <div className="faults">{(problem as Error).message}</div>
      void modal.error({ title: '没有导入', content, okText: '知道了', width: 640 })
    }
  }
  return (
    <>
      <Button href="/api/rules.yaml">导出</Button>
      {has(session, 'office', 'office_head') && (
        <Upload
          accept=".yaml,.yml"
          showUploadList={false}
          beforeUpload={picked => {
            void read(picked)
            return false
          }}
        >
          <Button>导入</Button>
        </Upload>
      )}
      {file && <ImportDialog {...file} onClose={() => setFile(null)} onDone={onDone} />}
    </>
  )
}

function ImportDialog(props: {
  yaml: string
  answer: ImportAnswer
  onClose(): void
  onDone(): Promise<unknown>
}) {
  const { added, changed, waiting, unchanged } = props.answer
  const { message } = App.useApp()
  const fail = useFail()
  const [why, setWhy] = useState('')
  const [busy, setBusy] = useState(false)
  const nothing = !added.length && !changed.length
  const send = async () => {
    setBusy(true)
    try {
      await post('/api/rules/import', { yaml: props.yaml, why, preview: false })
      void message.success('已成为待定的新版本，请逐条回测后启用')
      props.onClose()
      await props.onDone()
    } catch (problem) {
      fail(problem)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      title="导入规则"
      okText="作为新版本提出"
      cancelText="取消"
      confirmLoading={busy}
      okButtonProps={{ disabled: nothing || why.trim().length < 2 }}
      onCancel={props.onClose}
      onOk={() => void send()}
    >
      <p>
        新增 {added.length} 条，改动 {changed.length} 条，{unchanged} 条没有变化。
      </p>
      {added.length > 0 && <p className="muted">新增：{added.join('、')}</p>}
      {waiting.length > 0 && <p className="muted">已有相同的待定版本，不再重复提出：{waiting.join('、')}</p>}
      {changed.length > 0 && <p className="muted">改动：{changed.join('、')}</p>}
      <Input
        aria-label="理由"
        placeholder="为什么导入"
        value={why}
        onChange={event => setWhy(event.target.value)}
      />
    </Modal>
  )
}
