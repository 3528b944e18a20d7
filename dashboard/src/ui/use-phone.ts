import { useSyncExternalStore } from 'react'

const query = window.matchMedia('(max-width: 800px)')
const listen = (changed: () => void) => {
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}

/** Whether the window is as narrow as a phone's. */
export const usePhone = (): boolean => useSyncExternalStore(listen, () => query.matches)
