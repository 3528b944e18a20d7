/** Wilson's 95 % interval of a share, both ends 0..1; null where nothing was counted. */
export function wilson(hits: number, of: number): { low: number; high: number } | null {
  if (!of) return null
  const z = 1.96
  const p = hits / of
  const centre = (p + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of)
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}
