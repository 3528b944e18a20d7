import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Empty, Form, Input, Modal, Select, Skeleton, Switch } from 'antd'
import { useState } from 'react'
import type { ChannelView } from '../../../api/notices/routes.ts'
import type { UnitView } from '../../../api/people/routes.ts'
import { NOTICE_CHANNELS, NOTICE_TOPICS, type NoticeChannel } from '../../../api/vocabulary.ts'
import { get, patch, post } from '../api.ts'
import { optionsOf } from '../ui/options.ts'
import { useFail } from '../ui/use-act.ts'

/** Where notices go beside the screen: mail and robots, each with a test button. */
export function Channels() {
  const queries = useQueryClient()
  const fail = useFail()
  const { message } = App.useApp()
  const [editing, setEditing] = useState<ChannelView | 'new' | null>(null)
  const { data } = useQuery({
    queryKey: ['notice-channels'],
    queryFn: () => get<ChannelView[]>('/api/notice-channels'),
  })
  const attempt = async (work: () => Promise<unknown>, done: string) => {
    try {
      await work()
      void message.success(done)
    } catch (problem) {
      fail(problem)
    }
    await queries.invalidateQueries({ queryKey: ['notice-channels'] })
  }
  if (!data) return <Skeleton active />
  return (
    <>
      <div className="filters">
        <Button type="primary" onClick={() => setEditing('new')}>
          新增渠道
        </Button>
      </div>
      <div className="panel flush">
        {!data.length && (
          <Empty className="pad" description="还没有渠道。可以接电子邮件、企业微信、钉钉或飞书机器人。" />
        )}
        {data.map(channel => (
          <div key={channel.id} className="card-row">
            <b>{channel.name}</b>
            <div className="post-meta">
              <span className="pill blue">{NOTICE_CHANNELS[channel.kind]}</span>
              <span className={`pill ${channel.active ? 'green' : ''}`}>
                {channel.active ? '在用' : '停用'}
              </span>
              <span>{channel.topics.map(topic => NOTICE_TOPICS[topic]).join('、') || '未选择事项'}</span>
              <span>{channel.url}</span>
            </div>
            <div className="row-actions gap-above">
              <Button
                size="small"
                onClick={() =>
                  void attempt(() => post(`/api/notice-channels/${channel.id}/test`), '测试通知已发出')
                }
              >
                发测试通知
              </Button>
              <Button
                size="small"
                onClick={() =>
                  void attempt(() => post(`/api/notice-channels/${channel.id}/retry`), '失败的已重新排队')
                }
              >
                重发失败的
              </Button>
              <Button size="small" onClick={() => setEditing(channel)}>
                修改
              </Button>
            </div>
          </div>
        ))}
      </div>
      {editing && (
        <ChannelDialog
          channel={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onDone={() => {
            setEditing(null)
            void queries.invalidateQueries({ queryKey: ['notice-channels'] })
          }}
        />
      )}
    </>
  )
}

type Values = Omit<ChannelView, 'id' | 'hasSecret' | 'version'> & { secret?: string }

function ChannelDialog(props: { channel: ChannelView | null; onClose(): void; onDone(): void }) {
  const { channel } = props
  const [form] = Form.useForm<Values>()
  const fail = useFail()
  const kind = Form.useWatch('kind', form) as NoticeChannel | undefined
  const units = useQuery({ queryKey: ['/api/units'], queryFn: () => get<UnitView[]>('/api/units') }).data
  const save = async ({ url, secret, unitId, ...rest }: Values) => {
    // An address or secret left as it was stays as it was: neither is ever shown whole.
    const body = {
      ...rest,
      unitId: unitId ?? null,
      ...(url && url !== channel?.url && { url }),
      ...(secret && { secret }),
    }
    try {
      if (channel) await patch(`/api/notice-channels/${channel.id}`, { ...body, version: channel.version })
      else await post('/api/notice-channels', body)
      props.onDone()
    } catch (problem) {
      fail(problem)
    }
  }
  return (
    <Modal
      open
      title={channel ? `修改「${channel.name}」` : '新增渠道'}
      okText="保存"
      cancelText="取消"
      onCancel={props.onClose}
      onOk={() => form.submit()}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={save}
        initialValues={
          channel ?? { kind: 'wecom', topics: ['deadline'], allowPrivate: false, active: true, unitId: null }
        }
      >
        <Form.Item label="种类" name="kind" rules={[{ required: true }]}>
          <Select options={optionsOf(NOTICE_CHANNELS)} />
        </Form.Item>
        <Form.Item label="名称" name="name" rules={[{ required: true, message: '请填写名称' }]}>
          <Input maxLength={40} />
        </Form.Item>
        {kind !== 'mail' && (
          <>
            <Form.Item label="机器人地址" name="url" extra="在群里添加机器人后得到的 https 地址">
              <Input />
            </Form.Item>
            <Form.Item label="加签密钥" name="secret" extra={channel?.hasSecret ? '已设置，不改可留空' : ''}>
              <Input.Password autoComplete="new-password" />
            </Form.Item>
            <Form.Item label="只发这个处室的事" name="unitId">
              <Select
                allowClear
                placeholder="不限处室"
                options={(units ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              />
            </Form.Item>
            <Form.Item label="发哪些事" name="topics">
              <Checkbox.Group className="choices two" options={optionsOf(NOTICE_TOPICS)} />
            </Form.Item>
            <Form.Item label="允许内网地址" name="allowPrivate" valuePropName="checked">
              <Switch />
            </Form.Item>
          </>
        )}
        <Form.Item label="在用" name="active" valuePropName="checked">
          <Switch />
        </Form.Item>
      </Form>
    </Modal>
  )
}
