import { useCallback, useState } from 'react'
import { useSession } from '../session.tsx'

const KEEP_MS = 7 * 86_400_000

function read<T>(key: string): T | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as { at: number; value: T } | null
    return kept && Date.now() - kept.at < KEEP_MS ? kept.value : null
  } catch {
    return null
  }
}

/**
 * What somebody wrote and did not send yet, on this computer, under his name, for a week: a closed tab, a click on the
 * menu or a session that ran out takes nothing away. null = nothing is kept.
 */
export function useKept<T>(name: string) {
  const prefix = `kept ${useSession().person.id} `
  const [found] = useState(() => read<T>(prefix + name))
  const keep = useCallback(
    (value: T | null) => {
      try {
        if (value === null) localStorage.removeItem(prefix + name)
        else localStorage.setItem(prefix + name, JSON.stringify({ at: Date.now(), value }))
      } catch {
        // A full or forbidden store: the text still stands on the page.
      }
    },
    [prefix, name],
  )
  /** `found` is what was kept when the page opened; `peek` looks under another name. */
  return { found, keep, peek: (under: string) => read<T>(prefix + under) }
}
