import { diffChars } from 'diff'

/** What was taken out and put in between two texts, character by character: Chinese has no spaces to go by. */
export function Changes({ from, to }: { from: string; to: string }) {
  const parts: { at: number; text: string; kind: 'same' | 'gone' | 'new' }[] = []
  let at = 0
  for (const { value, added, removed } of diffChars(from, to)) {
    parts.push({ at, text: value, kind: added ? 'new' : removed ? 'gone' : 'same' })
    at += value.length
  }
  return (
    <div className="text">
      {parts.map(({ at: key, text, kind }) =>
        kind === 'new' ? (
          <ins key={key}>{text}</ins>
        ) : kind === 'gone' ? (
          <del key={key}>{text}</del>
        ) : (
          <span key={key}>{text}</span>
        ),
      )}
    </div>
  )
}
