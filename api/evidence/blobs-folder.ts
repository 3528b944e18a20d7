import { createHash, randomBytes } from 'node:crypto'
import { access, mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Blobs } from './blobs.ts'

/** From the moment a file is put to that in which its row is there. */
const FRESH_MS = 3_600_000

/** Files under `ab/cdef…`, named by their SHA-256. */
export function folderBlobs(root: string): Blobs {
  const pathOf = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`not a SHA-256: ${sha256}`)
    return join(root, sha256.slice(0, 2), sha256.slice(2))
  }
  const has = async (sha256: string) =>
    access(pathOf(sha256)).then(
      () => true,
      () => false,
    )
  const isFresh = async (path: string) => (await stat(path)).mtimeMs > Date.now() - FRESH_MS
  /** Whether it is there; from then on it counts as put now. */
  const renew = async (path: string) => {
    const now = new Date()
    return utimes(path, now, now).then(
      () => true,
      () => false,
    )
  }
  const temporaryOf = (path: string) => `${path}.${randomBytes(6).toString('hex')}`
  return {
    async put(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const path = pathOf(sha256)
      if (await renew(path)) return sha256
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const temporary = temporaryOf(path)
      const file = await open(temporary, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      } finally {
        await file.close()
      }
      await rename(temporary, path)
      return sha256
    },
    get: sha256 => readFile(pathOf(sha256)),
    has,
    async drop(sha256) {
      const path = pathOf(sha256)
      if (!(await has(sha256)) || (await isFresh(path))) return
      // Put again in this moment it is either found to be fresh or written anew.
      const aside = temporaryOf(path)
      await rename(path, aside)
      if (await isFresh(aside)) await rename(aside, path)
      else await rm(aside)
    },
  }
}
