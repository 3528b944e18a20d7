import type { Generated } from 'kysely'

/** Content-addressed files in the blob store. */
export interface BlobTable {
  sha256: string
  size: number
  media_type: string
  created_at: number
}

/**
 * What proves something: a page as received, its headers, the posts read from it, a screenshot, or a picture
 * uploaded by staff. At least one of post_id, slip_id stands.
 */
export interface EvidenceTable {
  id: Generated<number>
  kind: 'page' | 'headers' | 'posts' | 'screenshot' | 'upload'
  sha256: string
  post_id: number | null
  slip_id: number | null
  /** slip_post.id of the post that it shows, where staff uploaded it for one. */
  entry_id: number | null
  /** Reply record it belongs to, if any. */
  reply_id: number | null
  url: string | null
  file_name: string | null
  captured_at: number
  /** Person who uploaded it; null = captured by the system. */
  person_id: number | null
}

/** A picture to take of a page; `key` makes it one. */
export interface CaptureRequestTable {
  id: Generated<number>
  key: string
  reason: string
  url: string
  post_id: number | null
  slip_id: number | null
  reply_id: number | null
  state: 'waiting' | 'done' | 'failed'
  attempts: number
  next_at: number
  created_at: number
  error: string | null
}

/** A page of which the reader of that day made nothing. */
export interface MissedPageTable {
  source_id: string
  url: string
  /** SHA-256 of its bytes, and of its `headers` file. */
  page: string
  headers: string
  received_at: number
  thread_key: string | null
}

export interface EvidenceTables {
  missed_page: MissedPageTable
  capture_request: CaptureRequestTable
  blob: BlobTable
  evidence: EvidenceTable
}
