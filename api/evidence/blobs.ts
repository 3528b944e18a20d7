/** Content-addressed store of files: the same bytes are kept once. */
export interface Blobs {
  /** Writes whole or not at all (temp file, fsync, rename). Returns the SHA-256 in hex. */
  put(bytes: Uint8Array): Promise<string>
  get(sha256: string): Promise<Uint8Array>
  has(sha256: string): Promise<boolean>
  /**
   * Takes a file away that nobody needs any more. One that was put within the last hour, anew or again, stays: its row
   * may be on the way.
   */
  drop(sha256: string): Promise<void>
}
