import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Drawer, Empty, Skeleton } from 'antd'
import type { SourceDetail, SourceDraft } from '../../../api/sources/routes.ts'
import { get, put } from '../api.ts'
import { dateTime } from '../format.ts'
import { SourceForm } from './source-form.tsx'

/** What a source is, and what it was: who changed what, and why. */
export function SourceSettings(props: { id: string; name: string; mayEdit: boolean; onClose(): void }) {
  const { id, mayEdit } = props
  const { message } = App.useApp()
  const queries = useQueryClient()
  const { data, error } = useQuery({
    queryKey: ['source', id],
    queryFn: () => get<SourceDetail>(`/api/sources/${id}`),
  })
  const save = async (source: SourceDraft, why: string) => {
    await put(`/api/sources/${id}`, { source, why, version: data?.version })
    void message.success('已保存，稍后按新的设置读取')
    await queries.invalidateQueries({ queryKey: ['source', id] })
    await queries.invalidateQueries({ queryKey: ['sources'] })
  }
  return (
    <Drawer open onClose={props.onClose} size={880} title={`${props.name}：设置`} destroyOnHidden>
      {error && <Empty description={error.message} />}
      {!data && !error && <Skeleton active />}
      {data && mayEdit && (
        <SourceForm
          key={data.version}
          initial={data.source}
          saveText="保存修改"
          whyHint="为什么改，记入版本"
          onSave={save}
        />
      )}
      {data && <Versions versions={data.versions} />}
    </Drawer>
  )
}

function Versions({ versions }: { versions: SourceDetail['versions'] }) {
  return (
    <section aria-label="版本">
      <h2 className="form-part">历次修改</h2>
      {versions.map(version => (
        <div key={version.version} className="floor">
          <b>第 {version.version} 版</b>{' '}
          <span className="muted">
            {version.by ?? '随程序'} {dateTime(version.at)}：{version.why}
          </span>
          {version.changes.map(({ field, from, to }) => (
            <div key={field} className="text">
              {field}：<del>{from}</del> <ins>{to}</ins>
            </div>
          ))}
        </div>
      ))}
    </section>
  )
}
