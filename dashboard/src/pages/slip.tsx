import { useQuery } from '@tanstack/react-query'
import { Alert, Modal, Skeleton } from 'antd'
import { useCallback, useRef, useState } from 'react'
import { useParams } from 'react-router'
import type { SlipDetail } from '../../../api/slips/routes.ts'
import { SLIP_ACTIONS, type SlipAction } from '../../../api/vocabulary.ts'
import { get } from '../api.ts'
import { ActionForm } from '../slip/action-form.tsx'
import { Approve } from '../slip/approve.tsx'
import { Clocks } from '../slip/clocks.tsx'
import { Draft } from '../slip/draft.tsx'
import { SlipHead } from '../slip/head.tsx'
import { History } from '../slip/history.tsx'
import { Notes } from '../slip/notes.tsx'
import { Particulars } from '../slip/particulars.tsx'
import { Posts } from '../slip/posts.tsx'
import { Records } from '../slip/records.tsx'
import { Reminders } from '../slip/reminders.tsx'
import { Texts } from '../slip/texts.tsx'
import { Upward } from '../slip/upward.tsx'
import { useCareful } from '../ui/use-careful.ts'

function ActionDialog(props: {
  slip: SlipDetail
  action: SlipAction
  preset: Record<string, unknown>
  onClose(): void
}) {
  const { onClose, ...rest } = props
  const careful = useCareful(onClose)
  const content = useRef<HTMLDivElement>(null)
  // The dialog would put it on its cross, and Enter would close what was just opened.
  const focusFirstField = useCallback(
    () => content.current?.querySelector<HTMLElement>('input, textarea, button')?.focus(),
    [],
  )
  return (
    <Modal
      open
      title={SLIP_ACTIONS[rest.action]}
      footer={null}
      width={560}
      onCancel={careful.close}
      afterOpenChange={isOpen => isOpen && focusFirstField()}
      destroyOnHidden
    >
      <div ref={content}>
        <ActionForm {...rest} onDone={onClose} onTouch={careful.touch} onReady={focusFirstField} />
      </div>
    </Modal>
  )
}

export function Slip() {
  const id = Number(useParams().id)
  const [open, setOpen] = useState<{ action: SlipAction; preset?: Record<string, unknown> } | null>(null)
  const action = open?.action ?? null
  const close = () => setOpen(null)
  const { data: slip, error } = useQuery({
    queryKey: ['slip', id],
    queryFn: () => get<SlipDetail>(`/api/slips/${id}`),
    // While a form stands open the text under it stays what the person saw.
    refetchInterval: action ? false : 5_000,
  })
  if (error && !slip) return <Alert type="error" showIcon title={error.message} />
  if (!slip) return <Skeleton active paragraph={{ rows: 10 }} />
  const drafts = slip.allowed.includes('saveText') && slip.status === 'drafting'
  return (
    <>
      <SlipHead slip={slip} onAct={chosen => setOpen({ action: chosen })} />
      <div className="slip">
        <div>
          {slip.allowed.includes('approve') && <Approve key={slip.id} slip={slip} />}
          {drafts && <Draft key={`${slip.id} ${slip.round}`} slip={slip} />}
          <Upward slip={slip} onAct={(chosen, preset) => setOpen({ action: chosen, preset })} />
          <Notes slip={slip} />
          <Posts slip={slip} />
          <Texts slip={slip} />
          <Records slip={slip} />
          <Particulars slip={slip} />
        </div>
        <div>
          <Clocks slip={slip} />
          <Reminders slip={slip} />
          <History slip={slip} />
        </div>
      </div>
      {action && <ActionDialog slip={slip} action={action} preset={open?.preset ?? {}} onClose={close} />}
    </>
  )
}
