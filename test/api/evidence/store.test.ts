import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { folderBlobs } from '../../../api/evidence/blobs-folder.ts'
import {
  addBlob,
  addEvidence,
  attachUploads,
  evidenceById,
  evidenceOfPost,
  evidenceOfSlip,
  putBlob,
  verifyBlobs,
} from '../../../api/evidence/store.ts'
import { onEveryDatabase } from '../../databases.ts'

onEveryDatabase('evidence', get => {
  const folder = mkdtempSync(join(tmpdir(), 'yuqing-blobs-'))
  const blobs = folderBlobs(folder)
  afterAll(() => rmSync(folder, { recursive: true }))
  const bytes = (text: string) => Buffer.from(text)
  const keep = async (text: string, on: { postId?: number; slipId?: number }) => {
    const { db } = get()
    const blob = await putBlob(blobs, bytes(text), 'text/html')
    return db.transaction().execute(async trx => {
      await addBlob(trx, blob, 5)
      return {
        sha256: blob.sha256,
        id: await addEvidence(trx, { kind: 'page', sha256: blob.sha256, ...on, at: 5 }),
      }
    })
  }

  it('the same bytes are kept once, and named by what they are', async () => {
    const [a, b] = [await keep('一页', { postId: 1 }), await keep('一页', { slipId: 2 })]
    expect(a.sha256).toBe(b.sha256)
    expect(await get().db.selectFrom('blob').select('size').execute()).toEqual([{ size: 6 }])
    expect(Buffer.from(await blobs.get(a.sha256)).toString()).toBe('一页')
    expect((await evidenceOfPost(get().db, 1)).map(({ id }) => id)).toEqual([a.id])
    expect((await evidenceOfSlip(get().db, 2)).map(({ id }) => id)).toEqual([b.id])
    expect((await evidenceById(get().db, a.id))?.mediaType).toBe('text/html')
    expect(await evidenceById(get().db, 999)).toBeNull()
  })

  it('two writers of the same bytes do not disturb each other and leave no rest', async () => {
    await Promise.all(Array.from({ length: 8 }, () => putBlob(blobs, bytes('同时'), 'text/html')))
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry =>
      entry.isFile(),
    )
    expect(files.every(({ name }) => /^[0-9a-f]{62}$/.test(name))).toBe(true)
  })

  it('only names of its own are paths', async () => {
    await expect(async () => blobs.get('../../etc/passwd')).rejects.toThrow()
  })

  it('a picture that was never uploaded cannot be put onto a slip', async () => {
    const attach = (sha256: string) =>
      get()
        .db.transaction()
        .execute(trx =>
          attachUploads(trx, { uploads: [{ sha256, fileName: '图.png' }], slipId: 3, personId: 1, at: 6 }),
        )
    await expect(attach('f'.repeat(64))).rejects.toThrow('图片「图.png」没有上传成功')
    await attach((await keep('一页', {})).sha256)
    expect(await evidenceOfSlip(get().db, 3)).toHaveLength(1)
  })

  it('verify names a changed and a missing file', async () => {
    const { db } = get()
    const [changed, missing] = [await keep('原样', {}), await keep('会丢', {})]
    expect((await verifyBlobs(db, blobs)).problems).toEqual([])
    const path = (sha256: string) => join(folder, sha256.slice(0, 2), sha256.slice(2))
    writeFileSync(path(changed.sha256), '改过')
    rmSync(path(missing.sha256))
    expect((await verifyBlobs(db, blobs)).problems.sort()).toEqual(
      [`证据文件 ${changed.sha256} 被改动。`, `证据文件 ${missing.sha256} 丢失。`].sort(),
    )
  })
})
