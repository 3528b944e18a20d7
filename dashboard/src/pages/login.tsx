import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { post } from '../api.ts'

export function Login() {
  const queries = useQueryClient()
  const [error, setError] = useState<string | null>(null)
  const enter = async (values: { login: string; password: string }) => {
    try {
      await post('/api/session', values)
      setError(null)
      await queries.invalidateQueries()
    } catch (problem) {
      setError((problem as Error).message)
    }
  }
  return (
    <div className="login panel">
      <h1 style={{ fontSize: 22, textAlign: 'center' }}>常州应急舆情</h1>
      <Form layout="vertical" onFinish={enter}>
        <Form.Item label="用户名" name="login" rules={[{ required: true, message: '请输入用户名' }]}>
          <Input autoComplete="username" autoFocus />
        </Form.Item>
        <Form.Item label="密码" name="password" rules={[{ required: true, message: '请输入密码' }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        {error && <Alert type="error" title={error} style={{ marginBottom: 16 }} />}
        <Button type="primary" htmlType="submit" block autoInsertSpace={false}>
          登录
        </Button>
      </Form>
    </div>
  )
}
