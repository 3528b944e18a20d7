import { BellOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Badge, Button } from 'antd'
import { Link } from 'react-router'
import type { InboxAnswer } from '../../../api/notices/routes.ts'
import { get } from '../api.ts'
import { useLive } from '../use-live.ts'

/** How many notices are unread; new ones arrive by themselves. */
export function Bell() {
  useLive()
  const unread =
    useQuery({
      queryKey: ['notices', 'unread'],
      queryFn: () => get<InboxAnswer>('/api/notices?unread=true'),
      refetchInterval: 60_000,
    }).data?.unread ?? 0
  return (
    <Link to="/notices" aria-label={unread ? `通知，${unread} 条未读` : '通知'}>
      <Badge count={unread} size="small" offset={[-4, 6]}>
        <Button type="text" icon={<BellOutlined aria-hidden />} tabIndex={-1} />
      </Badge>
    </Link>
  )
}
