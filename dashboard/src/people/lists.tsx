import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { get } from '../api.ts'
import type { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'

export const useList = <T,>(path: string): T[] | undefined =>
  useQuery({ queryKey: [path], queryFn: () => get<T[]>(path) }).data

export interface Editing {
  title: string
  fields: Field[]
  verb?: string
  send(values: Record<string, unknown>): Promise<unknown>
}

/** A list with its button for a new row, and the dialog that rows open; what was saved shows in every list. */
export function Editable(props: {
  /** Left out where this person may only read. */
  add?: { label: string; open(): Editing }
  hint?: ReactNode
  children(edit: (editing: Editing) => void): ReactNode
}) {
  const { add, hint, children } = props
  const queries = useQueryClient()
  const [editing, setEditing] = useState<Editing | null>(null)
  return (
    <>
      {(add || hint) && (
        <div className="row-actions gap-below">
          {add && (
            <Button type="primary" onClick={() => setEditing(add.open())}>
              {add.label}
            </Button>
          )}
          {hint && <span className="muted">{hint}</span>}
        </div>
      )}
      {children(setEditing)}
      {editing && (
        <FormDialog
          {...editing}
          send={async values => {
            await editing.send(values)
            await queries.invalidateQueries()
          }}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  )
}
