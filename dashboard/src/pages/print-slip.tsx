import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Checkbox, Skeleton } from 'antd'
import { useState } from 'react'
import { useParams } from 'react-router'
import type { FormView, SlipForm } from '../../../api/forms/routes.ts'
import { get } from '../api.ts'
import '../style/print.css'

/** 附件1 as the browser prints it, white whatever the screen's colours (requirements §3.1.2). */
export function PrintSlip() {
  const id = Number(useParams().id)
  const [history, setHistory] = useState(false)
  const { data, error } = useQuery({
    queryKey: ['form', id, history],
    queryFn: () => get<FormView>(`/api/slips/${id}/form?history=${history}`),
  })
  if (error) return <Alert type="error" showIcon title={error.message} />
  if (!data) return <Skeleton active />
  return (
    <div className="paper-desk">
      <div className="row-actions no-print">
        <Button type="primary" onClick={() => window.print()}>
          打印
        </Button>
        <Checkbox checked={history} onChange={event => setHistory(event.target.checked)}>
          附办理记录
        </Checkbox>
      </div>
      <Paper form={data.form} />
    </div>
  )
}

function Paper({ form }: { form: SlipForm }) {
  return (
    <article className="paper">
      <h1>常州市应急管理舆情信息报告处理单</h1>
      {form.voidMark && <p className="void-mark">{form.voidMark}</p>}
      <p className="paper-line">
        <span>编号：{form.number}</span>
        <span>填报时间：{form.filledAt}</span>
      </p>
      <table>
        <tbody>
          <Pair a="填报处室（单位）" x={form.unit} b="填报人/电话" y={form.filler} />
          <Pair a="来源平台/版块" x={form.platform} b="发帖人" y={form.poster} />
          <Pair a="发帖时间" x={form.publishedAt} b="发现时间" y={form.foundAt} />
          <Wide name="标　　题" lines={[form.headline]} />
          <Wide name="网　　址" lines={[form.url]} />
          <Wide name="主要内容" lines={[form.content]} tall />
          <Wide name="传播情况" lines={[form.spread]} />
          <Wide
            name="办公室初步研判"
            lines={[form.levels, `依据：${form.ground}`, `责任处室：${form.leadUnit}　时限：${form.due}`]}
            sign={form.judgedBy}
          />
          <Wide
            name="拟回复内容（处理意见）"
            lines={[`回复方式：${form.modes}`, form.draft]}
            sign={`拟稿：${form.drafter}　处室负责人：　　　　　`}
            tall
          />
          <Wide name="分管领导意见" lines={[form.leaderOpinion]} sign={form.leaderSign} />
          <Wide name="主要领导意见" lines={[form.chiefOpinion]} sign={form.chiefSign} />
          <Wide name="上报情况" lines={[form.reports]} />
          <Wide name="回复情况" lines={[form.reply]} />
          <Wide name="延期及初步回应" lines={[form.extension]} />
          <Wide name="跟踪与结果" lines={[form.tracking]} />
          <Pair a="办结/是否按时" x={form.finished} b="存档号/存档人" y={form.archived} />
        </tbody>
      </table>
      <p>注：办理完毕后及时交市局办公室存档。不适用的栏目记“/”。（参考样式）</p>
      {form.hasAppendix && (
        <section className="paper-appendix">
          <h2>附页　{form.number}</h2>
          {form.appendix.map(({ heading, body }) => (
            <div key={heading}>
              <h3>{heading}</h3>
              <p className="text">{body}</p>
            </div>
          ))}
        </section>
      )}
      {form.hasHistory && (
        <section className="paper-appendix">
          <h2>办理记录　{form.number}</h2>
          <table>
            <tbody>
              {form.history.map((entry, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the record only ever grows at its end
                <tr key={i}>
                  <td>{entry.at}</td>
                  <td>{entry.by}</td>
                  <td>{entry.label}</td>
                  <td>{entry.note}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </article>
  )
}

function Pair({ a, x, b, y }: { a: string; x: string; b: string; y: string }) {
  return (
    <tr>
      <th>{a}</th>
      <td>{x}</td>
      <th>{b}</th>
      <td>{y}</td>
    </tr>
  )
}

function Wide(props: { name: string; lines: string[]; sign?: string; tall?: boolean }) {
  return (
    <tr className={props.tall ? 'tall' : ''}>
      <th>{props.name}</th>
      <td colSpan={3}>
        {props.lines.map(line => (
          <div key={line} className="text">
            {line}
          </div>
        ))}
        {props.sign && <div className="sign">{props.sign}</div>}
      </td>
    </tr>
  )
}
