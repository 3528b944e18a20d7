import { UploadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useRef } from 'react'

/** Chooses files; the browser's own control speaks the browser's language. */
export function FileButton(props: {
  label: string
  /** As of `<input accept>`. */
  accept: string
  multiple?: boolean
  onFiles(files: File[]): void
}) {
  const { label, accept, multiple = false, onFiles } = props
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button icon={<UploadOutlined aria-hidden />} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        style={{ display: 'none' }}
        aria-label={label}
        accept={accept}
        multiple={multiple}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])])
          // The same file, mended meanwhile, may be chosen again.
          target.value = ''
        }}
      />
    </>
  )
}
