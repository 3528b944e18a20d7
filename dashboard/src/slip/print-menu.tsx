import { PrinterOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { has, useSession } from '../session.tsx'

/** 附件1 to print or keep, and for 办公室 the whole case as one file. */
export function PrintMenu({ slip }: { slip: SlipDetail }) {
  const session = useSession()
  const base = `/api/slips/${slip.id}`
  const link = (key: string, href: string, label: string) => ({
    key,
    label: (
      <a href={href} target={href.startsWith('/api') ? undefined : '_blank'} rel="noreferrer noopener">
        {label}
      </a>
    ),
  })
  const items = [
    link('print', `/slips/${slip.id}/print`, '打印处理单'),
    link('docx', `${base}/form.docx`, '下载 Word'),
    link('pdf', `${base}/form.pdf`, '下载 PDF'),
    link('history', `${base}/form.docx?history=true`, '下载 Word（附办理记录）'),
    ...(has(session, 'office', 'office_head')
      ? [link('package', `${base}/package.zip`, '下载证据包（可离线校验）')]
      : []),
  ]
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button icon={<PrinterOutlined />} aria-label="打印与下载">
        打印
      </Button>
    </Dropdown>
  )
}
