import { App } from 'antd'
import { useRef } from 'react'

/** Closing a form in which something was written asks first. */
export function useCareful(close: () => void) {
  const { modal } = App.useApp()
  const touched = useRef(false)
  return {
    touch: () => {
      touched.current = true
    },
    close: () => {
      if (!touched.current) return close()
      modal.confirm({
        title: '放弃已填写的内容？',
        content: '还没有提交，关闭后不保留。',
        okText: '放弃',
        cancelText: '继续填写',
        onOk: close,
      })
    },
  }
}
