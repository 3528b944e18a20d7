/**
 * One case as one file that can be checked without us: form, texts, audit chain, every piece of evidence, a WARC, and a
 * page that recomputes all hashes in a browser, offline (design §5). Pure but for its inputs.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { strToU8, type Zippable, zipSync } from 'fflate'
import type { AuditEntry } from '../audit.ts'
import type { StoredEvidence } from './store.ts'

export interface PackageInput {
  /** Title of the page: number of the slip. */
  name: string
  madeAt: number
  /** Program's own files: 处理单.docx, slip.json … */
  documents: { path: string; bytes: Uint8Array }[]
  evidence: (StoredEvidence & { bytes: Uint8Array })[]
  audit: readonly AuditEntry[]
  warc: Uint8Array
}

/** What the page of the package has inside it. */
export interface PackageIndex {
  name: string
  madeAt: string
  files: { path: string; sha256: string; size: number }[]
  /** As the manifest of every audit entry counts them: id, kind, sha256, url, captured at (epoch ms). */
  evidence: [number, string, string, string | null, number][]
  audit: {
    seq: number
    prevHash: string
    hash: string
    /** Fields in the order in which they are sealed. */
    sealed: (string | number | null)[]
  }[]
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const ENDINGS: Record<string, string> = {
  'text/html': 'html',
  'application/json': 'json',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
}

/** Captured pages get an ending that no program opens by itself: they are evidence, not pages of ours. */
const fileName = ({ id, kind, mediaType }: StoredEvidence): string => {
  const type = mediaType.split(';')[0]?.trim() ?? ''
  return `evidence/${String(id).padStart(4, '0')}-${kind}.${kind === 'page' ? 'page.txt' : (ENDINGS[type] ?? 'bin')}`
}

export function makePackage(input: PackageInput): Uint8Array {
  const contents: { path: string; bytes: Uint8Array }[] = [
    ...input.documents,
    { path: 'evidence.warc.gz', bytes: input.warc },
    ...input.evidence.map(each => ({ path: fileName(each), bytes: each.bytes })),
  ]
  const index: PackageIndex = {
    name: input.name,
    madeAt: new Date(input.madeAt).toISOString(),
    files: contents.map(({ path, bytes }) => ({ path, sha256: sha256(bytes), size: bytes.byteLength })),
    evidence: input.evidence.map(({ id, kind, sha256: hash, url, capturedAt }) => [
      id,
      kind,
      hash,
      url,
      capturedAt,
    ]),
    audit: input.audit.map(entry => ({
      seq: entry.seq,
      prevHash: entry.prevHash,
      hash: entry.hash,
      sealed: [
        entry.caseKind,
        entry.caseId,
        entry.seq,
        entry.at,
        entry.actorId,
        entry.forId,
        entry.action,
        entry.sealedDetail,
      ],
    })),
  }
  // Inside a script element only `<` could end it.
  const embedded = JSON.stringify(index).replaceAll('<', '\\u003c')
  const page = readFileSync(resolve(import.meta.dirname, 'package-page.html'), 'utf8').replace(
    '"__INDEX__"',
    () => embedded,
  )
  const zip: Zippable = {
    '校验.html': strToU8(page),
    'manifest.json': strToU8(JSON.stringify(index, null, 1)),
  }
  for (const { path, bytes } of contents)
    zip[path] = [bytes, { level: /\.(png|jpg|webp|gz|docx|pdf)$/.test(path) ? 0 : 6 }]
  return zipSync(zip, { mtime: input.madeAt })
}
