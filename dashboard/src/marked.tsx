/** Text of the web, always as text; ranges to mark may overlap. */
export function Marked({ text, ranges }: { text: string; ranges: { start: number; end: number }[] }) {
  const inside = Array.from({ length: text.length }, () => false)
  for (const { start, end } of ranges)
    for (let i = start; i < Math.min(end, text.length); i++) inside[i] = true
  const parts: { text: string; marked: boolean; at: number }[] = []
  for (let i = 0; i < text.length; i++) {
    const last = parts.at(-1)
    const marked = inside[i] as boolean
    if (last && last.marked === marked) last.text += text[i]
    else parts.push({ text: text[i] as string, marked, at: i })
  }
  return parts.map(part =>
    part.marked ? <mark key={part.at}>{part.text}</mark> : <span key={part.at}>{part.text}</span>,
  )
}
