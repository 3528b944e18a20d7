import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { post } from '../api.ts'

function Person({ at, title }: { at: 'admin' | 'office'; title: string }) {
  const required = [{ required: true, message: '必填' }]
  return (
    <>
      <h3>{title}</h3>
      <Form.Item label="姓名" name={[at, 'name']} rules={required}>
        <Input />
      </Form.Item>
      <Form.Item label="用户名" name={[at, 'login']} rules={required}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item
        label="密码"
        name={[at, 'password']}
        rules={required}
        extra="至少八位，须含大写、小写字母、数字、符号中的三类"
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  )
}

export function Setup() {
  const [note, setNote] = useState<{ type: 'error' | 'success'; text: string } | null>(null)
  const send = async (values: object) => {
    try {
      const token = new URLSearchParams(window.location.search).get('token')
      await post('/api/setup', { token, ...values })
      setNote({ type: 'success', text: '已建立用户，请登录。' })
      window.setTimeout(() => window.location.assign('/'), 800)
    } catch (problem) {
      setNote({ type: 'error', text: (problem as Error).message })
    }
  }
  return (
    <div className="login panel">
      <h2>首次启动：建立用户</h2>
      <Form layout="vertical" onFinish={send}>
        <Person at="admin" title="系统管理员" />
        <Person at="office" title="办公室第一位用户（兼办公室主任）" />
        {note && <Alert type={note.type} title={note.text} style={{ marginBottom: 16 }} />}
        <Button type="primary" htmlType="submit" block autoInsertSpace={false}>
          建立
        </Button>
      </Form>
    </div>
  )
}
