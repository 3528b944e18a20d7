import { Alert, Button } from 'antd'
import { type DragEvent, useState } from 'react'
import type { UploadView } from '../../../api/evidence/routes.ts'
import { post } from '../api.ts'
import { FileButton } from './file-button.tsx'

export type Uploaded = Pick<UploadView, 'sha256' | 'fileName'>

const TYPES = 'image/png,image/jpeg,image/webp'

/** Pictures as evidence: chosen, dropped here, or pasted from the clipboard. */
export function Pictures({
  value = [],
  onChange,
}: {
  value?: Uploaded[]
  onChange?(value: Uploaded[]): void
}) {
  const [error, setError] = useState<string | null>(null)
  const [over, setOver] = useState(false)
  const add = async (files: Iterable<File>) => {
    try {
      const added: Uploaded[] = []
      for (const file of files) {
        const body = new FormData()
        body.append('file', file)
        const { sha256, fileName } = await post<UploadView>('/api/uploads', body)
        added.push({ sha256, fileName })
      }
      setError(null)
      const fresh = added.filter(({ sha256 }) => !value.some(each => each.sha256 === sha256))
      onChange?.([...value, ...fresh])
    } catch (problem) {
      setError((problem as Error).message)
    }
  }
  const drag = (event: DragEvent, isOver: boolean) => {
    event.preventDefault()
    setOver(isOver)
  }
  return (
    <section
      className={over ? 'pictures over' : 'pictures'}
      aria-label="图片"
      onDragOver={event => drag(event, true)}
      onDragLeave={event => drag(event, false)}
      onDrop={event => {
        drag(event, false)
        void add(event.dataTransfer.files)
      }}
      onPaste={event => void add(event.clipboardData.files)}
    >
      <div className="row-actions">
        <FileButton label="选择图片" accept={TYPES} multiple onFiles={files => void add(files)} />
        <span className="muted">可把截图拖到这里，或点一下此处后粘贴</span>
      </div>
      {value.map(({ sha256, fileName }) => (
        <div key={sha256} className="row-actions">
          <span>{fileName}</span>
          <Button size="small" onClick={() => onChange?.(value.filter(each => each.sha256 !== sha256))}>
            移去
          </Button>
        </div>
      ))}
      {error && <Alert type="error" title={error} />}
    </section>
  )
}
