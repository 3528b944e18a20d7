/** Whether a person is at the screen: what a page asks for by itself must not keep a session alive (idle limit). */
const STILL_THERE_MS = 60_000

let lastAt = Date.now()
for (const event of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove'])
  window.addEventListener(
    event,
    () => {
      lastAt = Date.now()
    },
    { passive: true, capture: true },
  )

export const isSomebodyThere = (): boolean => Date.now() - lastAt < STILL_THERE_MS
