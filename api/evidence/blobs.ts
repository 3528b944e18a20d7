/** Content-addressed store of files: the same bytes are kept once. */
export interface Blobs {
  /** Writes whole or not at all (temp file, fsync, rename). Returns the SHA-256 in hex. */
  put(bytes: Uint8Array): Promise<string>
  get(sha256: string): Promise<Uint8Array>
  has(sha256: string): Promise<boolean>
}
