import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { post } from '../api.ts'

function Person({ at, title }: { at: 'admin' | 'office'; title: string }) {
  const required = [{ required: true, message: '必填' }]
  return (
    <>
      <h2 className="form-part">{title}</h2>
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
  const [busy, setBusy] = useState(false)
  const send = async (values: object) => {
    setBusy(true)
    try {
      const token = new URLSearchParams(window.location.search).get('token')
      await post('/api/setup', { token, ...values })
      setNote({ type: 'success', text: '已建立用户，请登录。' })
      window.setTimeout(() => window.location.assign('/'), 800)
    } catch (problem) {
      setNote({ type: 'error', text: (problem as Error).message })
      setBusy(false)
    }
  }
  return (
    <div className="login-page">
      <div className="login-card">
        <h1>首次启动</h1>
        <p className="sub">
          建立管理员和办公室第一位用户；登录后由管理员添加其他人员，由办公室登记领导分工、实名账号和信源
        </p>
        <Form layout="vertical" requiredMark={false} onFinish={send}>
          <Person at="admin" title="系统管理员" />
          <Person at="office" title="办公室第一位用户（兼办公室主任）" />
          {note && <Alert type={note.type} showIcon title={note.text} className="gap-below" />}
          <Button type="primary" htmlType="submit" loading={busy} block className="gap-below">
            建立
          </Button>
        </Form>
      </div>
    </div>
  )
}
