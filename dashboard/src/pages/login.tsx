import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { post } from '../api.ts'

export function Login() {
  const queries = useQueryClient()
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const enter = async (values: { login: string; password: string }) => {
    setBusy(true)
    try {
      await post('/api/session', values)
      setError(null)
      await queries.invalidateQueries()
    } catch (problem) {
      setError((problem as Error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="login-page">
      <div className="login-card">
        <h1>常州应急舆情</h1>
        <p className="sub">常州市应急管理局网络舆情处置</p>
        <Form layout="vertical" requiredMark={false} onFinish={enter}>
          <Form.Item label="用户名" name="login" rules={[{ required: true, message: '请输入用户名' }]}>
            <Input size="large" autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item label="密码" name="password" rules={[{ required: true, message: '请输入密码' }]}>
            <Input.Password size="large" autoComplete="current-password" />
          </Form.Item>
          {error && <Alert type="error" showIcon title={error} className="gap-below" />}
          <Button type="primary" size="large" htmlType="submit" block loading={busy} className="gap-below">
            登录
          </Button>
        </Form>
      </div>
    </div>
  )
}
