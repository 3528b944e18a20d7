import type { SourceConfig } from '../../../crawlers/site.ts'

export const sourceConfig = (id: string, over: Partial<SourceConfig> = {}): SourceConfig => ({
  id,
  name: `信源${id}`,
  engine: 'discuz',
  url: `https://${id}.example.cn/`,
  boards: [{ key: '2', name: '百姓呼声' }],
  delaySeconds: 10,
  dailyCeiling: 100,
  basis: '公开页面',
  owner: '办公室',
  retentionDays: 730,
  ...over,
})
