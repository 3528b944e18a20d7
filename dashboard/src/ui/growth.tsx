/** Of fewer posts a share says nothing: 1 to 43 is no「+4200%」. */
const LEAST_FOR_SHARE = 10

/** `+3`, `-2`, `持平` against the time before, with the share where there was enough before. */
export function growthWords(now: number, before: number): string {
  const more = now - before
  if (more === 0) return '持平'
  const share =
    before >= LEAST_FOR_SHARE
      ? `（${more > 0 ? '+' : '−'}${Math.round((Math.abs(more) / before) * 100)}%）`
      : ''
  return `${more > 0 ? '+' : '−'}${Math.abs(more)}${share}`
}

/** Red where it grows: more of what is watched here is worse. */
export function Growth({ now, before }: { now: number; before: number }) {
  const tone = now > before ? 'growth up' : now < before ? 'growth down' : 'growth'
  return <span className={tone}>{growthWords(now, before)}</span>
}
