import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Drawer, Empty, Input, Skeleton } from 'antd'
import { useState } from 'react'
import type { Rule, RuleView } from '../../../api/rules/routes.ts'
import { EVENT_CLASSES } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'
import { RuleEditor } from '../rules/editor.tsx'
import { Feedback } from '../rules/feedback.tsx'
import { RuleHits } from '../rules/hits.tsx'
import { LeftOut } from '../rules/left-out.tsx'
import { Precision } from '../rules/precision.tsx'
import { RulesFile } from '../rules/rules-file.tsx'
import { RuleVersions } from '../rules/versions.tsx'
import { PageHead } from '../ui/head.tsx'

const EMPTY: Rule = { id: '', name: '', topicPoints: 1, actionPoints: 0.5, any: [] }

/** 规则工作台: every rule with what staff did with its finds; one opens into editor, trial, versions and back-test. */
export function Rules() {
  const queries = useQueryClient()
  const [open, setOpen] = useState<string | null>(null)
  const [words, setWords] = useState('')
  const { data, error } = useQuery({ queryKey: ['rules'], queryFn: () => get<RuleView[]>('/api/rules') })
  const refresh = () => queries.invalidateQueries({ queryKey: ['rules'] })
  const showProposed = async (id: string) => {
    await Promise.all([refresh(), queries.invalidateQueries({ queryKey: ['rule', id] })])
    setOpen(id)
  }
  const found = data?.filter(({ id, newest }) => `${id} ${JSON.stringify(newest)}`.includes(words.trim()))
  const current = data?.find(({ id }) => id === open) ?? null
  return (
    <>
      <PageHead title="识别规则" hint={data && `${data.filter(({ live }) => live).length} 条启用`}>
        <RulesFile onDone={refresh} />
        <Button type="primary" onClick={() => setOpen('')}>
          新规则
        </Button>
      </PageHead>
      <p className="muted gap-below">
        任何人可以提出规则；先用最近 30 天的帖子回测，再由办公室启用，数秒内生效。命中和准确率按最近 30
        天统计： 做了处理单、或判为重复和旧闻的算认可，判为无关、外地、广告的算误报。
      </p>
      <LeftOut />
      <Feedback />
      <div className="filters">
        <Input
          aria-label="查找规则"
          placeholder="按名称或词语查找"
          allowClear
          style={{ maxWidth: 320 }}
          value={words}
          onChange={event => setWords(event.target.value)}
        />
      </div>
      {!data && !error && <Skeleton active />}
      {error && <Empty description={error.message} />}
      <div className="panel flush rules">
        {found?.map(rule => (
          <RuleRow key={rule.id} rule={rule} onOpen={() => setOpen(rule.id)} />
        ))}
        {found && !found.length && <Empty className="pad" description="没有这样的规则。" />}
      </div>
      <Drawer
        open={open !== null}
        onClose={() => setOpen(null)}
        size={880}
        title={current ? current.newest.name : '新规则'}
        destroyOnHidden
      >
        {open !== null && (
          <>
            <RuleEditor
              key={open}
              rule={current?.live ?? current?.newest ?? EMPTY}
              isNew={!current}
              onDone={showProposed}
            />
            {current && <RuleHits id={current.id} count={current.counted.hits} />}
            {current && <RuleVersions id={current.id} isLive={current.live !== null} onDone={refresh} />}
          </>
        )}
      </Drawer>
    </>
  )
}

function RuleRow({ rule, onOpen }: { rule: RuleView; onOpen(): void }) {
  const { newest, live, counted, proposals } = rule
  const takesAway = (newest.topicPoints ?? 0) < 0 || (newest.actionPoints ?? 0) < 0
  return (
    <button type="button" className="rule-row" onClick={onOpen}>
      <span className="rule-name">
        <b>{newest.name}</b>
        <span className="muted">{takesAway ? '扣分（比喻、同音）' : kindOf(newest)}</span>
      </span>
      <span className="rule-words muted">{wordsOf(newest)}</span>
      <span className="rule-state">
        {!live && <span className="pill">未启用</span>}
        {proposals > 0 && <span className="pill amber">{proposals} 版待定</span>}
      </span>
      <span className="rule-count number">
        {counted.hits} <span className="muted">次命中</span>
      </span>
      <Precision counted={counted} />
    </button>
  )
}

/** What the rule speaks of: its own topic, else its event class. */
const kindOf = ({ topic, eventClass }: Rule): string =>
  topic ?? (eventClass ? EVENT_CLASSES[eventClass] : '需处置')

const wordsOf = ({ any, all, near, regex }: Rule): string =>
  [
    ...(any ?? []),
    ...(all?.flat() ?? []),
    ...(near?.flatMap(({ a, b }) => [...a, '…', ...b]) ?? []),
    regex ?? '',
  ]
    .filter(Boolean)
    .slice(0, 12)
    .join('、')
