import type { ReactNode } from 'react'

/** A page's title line; on a phone the top bar already names the page, so only `children` remain. */
export function PageHead({
  title,
  hint,
  children,
}: {
  title: string
  hint?: ReactNode
  children?: ReactNode
}) {
  return (
    <div className="page-head">
      <h1>{title}</h1>
      {hint && <span className="hint">{hint}</span>}
      <span className="grow" />
      {children}
    </div>
  )
}
