import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { post } from '../api.ts'
import { PageHead } from '../ui/head.tsx'

export function Password() {
  return (
    <>
      <PageHead title="修改密码" />
      <div className="panel narrow">
        <PasswordForm />
      </div>
    </>
  )
}

/** Before anything else, where somebody else chose the password. */
export function ForcedPassword() {
  return (
    <div className="login-page">
      <div className="login-card">
        <h1>请先修改初始密码</h1>
        <p className="sub">改好后即可使用</p>
        <PasswordForm />
      </div>
    </div>
  )
}

function PasswordForm() {
  const queries = useQueryClient()
  const [form] = Form.useForm()
  const [note, setNote] = useState<{ type: 'error' | 'success'; text: string } | null>(null)
  const change = async (values: { old: string; new: string }) => {
    try {
      await post('/api/session/password', { old: values.old, new: values.new })
      setNote({ type: 'success', text: '密码已修改，其他设备上的登录已退出。' })
      form.resetFields()
      await queries.invalidateQueries()
    } catch (problem) {
      setNote({ type: 'error', text: (problem as Error).message })
    }
  }
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={change}>
      <Form.Item label="原密码" name="old" rules={[{ required: true, message: '请输入原密码' }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item
        label="新密码"
        name="new"
        rules={[{ required: true, message: '请输入新密码' }]}
        extra="至少八位，须含大写、小写字母、数字、符号中的三类，不得含用户名"
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        label="再输一次新密码"
        name="again"
        dependencies={['new']}
        rules={[
          { required: true, message: '请再输一次新密码' },
          ({ getFieldValue }) => ({
            validator: async (_, value) => {
              if (value && value !== getFieldValue('new')) throw new Error('两次输入的新密码不一致')
            },
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {note && <Alert type={note.type} showIcon title={note.text} className="gap-below" />}
      <Button type="primary" htmlType="submit" block className="gap-below">
        修改密码
      </Button>
    </Form>
  )
}
