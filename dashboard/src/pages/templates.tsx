import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Empty, Skeleton } from 'antd'
import { useState } from 'react'
import type { ReplyTemplate } from '../../../api/replies/routes.ts'
import { get, patch, post } from '../api.ts'
import { has, useSession } from '../session.tsx'
import type { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { PageHead } from '../ui/head.tsx'

const fieldsOf = (template: ReplyTemplate | null): Field[] => [
  { name: 'name', label: '名称', kind: 'line', required: true, initial: template?.name },
  { name: 'hint', label: '什么时候用', kind: 'line', initial: template?.hint ?? '' },
  {
    name: 'body',
    label: '正文',
    kind: 'area',
    required: true,
    initial: template?.body,
    help: '要拟稿人填写的地方写成【填：核查日期】；没填完的文稿不能送审',
  },
  { name: 'active', label: '启用', kind: 'check', initial: template?.active ?? true },
]

/** 回复模板: words to begin with; the facts are always filled in by hand. */
export function Templates() {
  const queries = useQueryClient()
  const editable = has(useSession(), 'office', 'office_head')
  const [open, setOpen] = useState<ReplyTemplate | 'new' | null>(null)
  const { data } = useQuery({
    queryKey: ['reply-templates'],
    queryFn: () => get<ReplyTemplate[]>('/api/reply-templates'),
  })
  const known = open === 'new' ? null : open
  const send = async (values: Record<string, unknown>) => {
    const body = { hint: '', active: false, ...values }
    await (known
      ? patch(`/api/reply-templates/${known.id}`, { version: known.version, ...body })
      : post('/api/reply-templates', body))
    await queries.invalidateQueries({ queryKey: ['reply-templates'] })
  }
  return (
    <>
      <PageHead title="回复模板" hint="拟稿时套用，空白由拟稿人按事实填写">
        {editable && (
          <Button type="primary" onClick={() => setOpen('new')}>
            新增模板
          </Button>
        )}
      </PageHead>
      {!data && <Skeleton active />}
      {data && !data.length && <Empty description="还没有模板。" />}
      {data?.map(template => (
        <article key={template.id} className="panel" aria-label={template.name}>
          <div className="panel-head">
            <h2>{template.name}</h2>
            <span className="muted">{template.hint}</span>
            {!template.active && <span className="pill">已停用</span>}
            <span className="grow" />
            {editable && (
              <Button size="small" onClick={() => setOpen(template)}>
                修改
              </Button>
            )}
          </div>
          <div className="text template-body">
            <Blanks text={template.body} />
          </div>
        </article>
      ))}
      {open && (
        <FormDialog
          title={known ? `修改「${known.name}」` : '新增模板'}
          fields={fieldsOf(known)}
          send={send}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  )
}

/** The text with its blanks marked. */
function Blanks({ text }: { text: string }) {
  let at = 0
  return text.split(/(【填[^】]*】)/).map(part => {
    const key = at
    at += part.length
    return part.startsWith('【填') ? <mark key={key}>{part}</mark> : part
  })
}
