import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { post } from '../api.ts'

export function Password({ forced = false }: { forced?: boolean }) {
  const queries = useQueryClient()
  const [note, setNote] = useState<{ type: 'error' | 'success'; text: string } | null>(null)
  const change = async (values: { old: string; new: string }) => {
    try {
      await post('/api/session/password', values)
      setNote({ type: 'success', text: '密码已修改。' })
      await queries.invalidateQueries()
    } catch (problem) {
      setNote({ type: 'error', text: (problem as Error).message })
    }
  }
  return (
    <div className="login panel">
      <h2>{forced ? '请先修改初始密码' : '修改密码'}</h2>
      <Form layout="vertical" onFinish={change}>
        <Form.Item label="原密码" name="old" rules={[{ required: true, message: '请输入原密码' }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item label="新密码" name="new" rules={[{ required: true, message: '请输入新密码' }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        {note && <Alert type={note.type} title={note.text} style={{ marginBottom: 16 }} />}
        <Button type="primary" htmlType="submit" block autoInsertSpace={false}>
          修改密码
        </Button>
      </Form>
    </div>
  )
}
