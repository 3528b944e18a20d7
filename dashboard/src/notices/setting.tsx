import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Form, Input, Select, Skeleton } from 'antd'
import type { SettingView } from '../../../api/notices/routes.ts'
import { NOTICE_TOPICS } from '../../../api/vocabulary.ts'
import { get, put } from '../api.ts'
import { optionsOf } from '../ui/options.ts'
import { useFail } from '../ui/use-act.ts'
import { ClockInput } from '../ui/when.tsx'

const DIGESTS = [
  { value: 0, label: '随时' },
  { value: 30, label: '每半小时合并' },
  { value: 60, label: '每小时合并' },
  { value: 240, label: '每四小时合并' },
]

/** One's own mail, quiet hours and digest; the screen always shows everything. */
export function OwnSetting() {
  const queries = useQueryClient()
  const fail = useFail()
  const { message } = App.useApp()
  const { data } = useQuery({
    queryKey: ['notices', 'setting'],
    queryFn: () => get<SettingView>('/api/notices/setting'),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (!data) return <Skeleton active />
  const save = async (values: Omit<SettingView, 'email'> & { email: string }) => {
    try {
      await put('/api/notices/setting', { ...values, email: values.email.trim() || null })
      void message.success('已保存')
      await queries.invalidateQueries({ queryKey: ['notices', 'setting'] })
    } catch (problem) {
      fail(problem)
    }
  }
  return (
    <div className="panel narrow">
      <Form layout="vertical" initialValues={{ ...data, email: data.email ?? '' }} onFinish={save}>
        <Form.Item label="邮箱" name="email" extra="不填则不发邮件；系统内的通知照常显示">
          <Input inputMode="email" autoComplete="email" />
        </Form.Item>
        <Form.Item label="哪些事发邮件" name="mailTopics">
          <Checkbox.Group className="choices two" options={optionsOf(NOTICE_TOPICS)} />
        </Form.Item>
        <Form.Item label="发送节奏" name="digestMinutes">
          <Select options={DIGESTS} />
        </Form.Item>
        <Form.Item label="免打扰从" name="quietFrom" extra="重大舆情不受免打扰限制">
          <ClockInput />
        </Form.Item>
        <Form.Item label="免打扰到" name="quietTo">
          <ClockInput />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          保存
        </Button>
      </Form>
    </div>
  )
}
