import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Input, InputNumber } from 'antd'
import { useState } from 'react'
import type { ProbeView, SourceDraft } from '../../../api/sources/routes.ts'
import { post } from '../api.ts'
import { useFail } from '../ui/use-act.ts'
import { ProbeResult } from './probe-result.tsx'
import { SourceForm } from './source-form.tsx'

const draftOf = (probe: ProbeView): SourceDraft => ({
  name: probe.name,
  engine: probe.engine ?? 'article',
  variant: probe.variant,
  url: probe.base,
  boards: probe.boards.map(({ key, name }) => ({ key, name })),
  delaySeconds: 10,
  dailyCeiling: 2000,
  basis: '公开页面，履行应急管理舆情处置职责',
  owner: '办公室',
  retentionDays: 730,
})

/** Paste an address, see what is read from it, complete what people decide, save. */
export function AddSource({ open, onClose }: { open: boolean; onClose(): void }) {
  const { message } = App.useApp()
  const queries = useQueryClient()
  const fail = useFail()
  const [url, setUrl] = useState('')
  const [busy, setBusy] = useState(false)
  const [probe, setProbe] = useState<ProbeView | null>(null)
  const [days, setDays] = useState(7)
  const attempt = async () => {
    setBusy(true)
    setProbe(null)
    try {
      setProbe(await post<ProbeView>('/api/sources/probe', { url }))
    } catch (problem) {
      fail(problem)
    } finally {
      setBusy(false)
    }
  }
  const save = async (source: SourceDraft, why: string) => {
    const { id } = await post<{ id: string }>('/api/sources', { source, why })
    if (days > 0) await post(`/api/sources/${id}/backfill`, { days })
    void message.success('已加入，稍后开始读取')
    await queries.invalidateQueries({ queryKey: ['sources'] })
    setUrl('')
    setProbe(null)
    onClose()
  }
  return (
    <Drawer open={open} onClose={onClose} size={880} title="新增信源" destroyOnHidden>
      <p className="muted gap-below">
        粘贴论坛版块、帖子、订阅源、公众号文章或新闻列表的网址。程序按对方的 robots.txt
        试读几页，认出是哪一类网站，并把读到的内容给您核对；不允许采集的路径不能加入。
      </p>
      <div className="probe-ask">
        <Input
          aria-label="网址"
          placeholder="https://bbs.example.cn/forum-2-1.html"
          spellCheck={false}
          value={url}
          onChange={event => setUrl(event.target.value)}
          onPressEnter={() => url.trim() && void attempt()}
        />
        <Button type="primary" disabled={url.trim().length < 3} loading={busy} onClick={() => void attempt()}>
          试读
        </Button>
      </div>
      {busy && <p className="muted">正在试读，按礼貌的间隔访问几页，通常十秒左右……</p>}
      {probe && <ProbeResult probe={probe} />}
      {probe?.engine && !probe.fault && (
        <>
          <h2 className="form-part">保存为信源</h2>
          <div className="row-actions gap-below">
            加入后补采最近
            <InputNumber
              aria-label="补采天数"
              min={0}
              max={3650}
              value={days}
              onChange={value => setDays(value ?? 0)}
            />
            天（0 为不补采）
          </div>
          <SourceForm
            key={probe.url}
            initial={draftOf(probe)}
            forbidden={probe.boards.flatMap(({ key, forbidden }) => (forbidden ? [key] : []))}
            saveText="加入信源"
            whyHint="为什么加入，记入版本"
            onSave={save}
          />
        </>
      )}
    </Drawer>
  )
}
