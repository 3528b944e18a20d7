import { expect, it } from 'vitest'
import { appendAudit, canonical, makeAuditRoot, readAudit, verifyAudit } from '../../../api/audit.ts'
import { onEveryDatabase } from '../../databases.ts'

const entry = (caseId: string, action: string, detail: object = {}) => ({
  caseKind: 'slip' as const,
  caseId,
  at: 1_700_000_000_000,
  actorId: 1,
  forId: null,
  action,
  detail,
})

it('the same content has the same bytes, whatever the order of its keys', () => {
  expect(canonical({ b: 1, a: [1, null, undefined], c: undefined })).toBe('{"a":[1,null,null],"b":1}')
})

onEveryDatabase('audit chain', get => {
  it('numbers each case by itself and verifies', async () => {
    await get()
      .db.transaction()
      .execute(async trx => {
        expect(await appendAudit(trx, entry('1', 'create', { b: 2, a: '一' }))).toMatchObject({ seq: 1 })
        expect(await appendAudit(trx, entry('1', 'submit'))).toMatchObject({ seq: 2 })
        expect(await appendAudit(trx, entry('2', 'create'))).toMatchObject({ seq: 1 })
        await makeAuditRoot(trx, '2026-11-24', 1)
        await appendAudit(trx, entry('2', 'submit'))
        await makeAuditRoot(trx, '2026-11-25', 2)
        await makeAuditRoot(trx, '2026-11-25', 3)
      })
    expect(await verifyAudit(get().db)).toEqual({ chains: 2, entries: 4, roots: 2, problems: [] })
    expect((await readAudit(get().db, 'slip', '1')).map(({ action, detail }) => [action, detail])).toEqual([
      ['create', { a: '一', b: 2 }],
      ['submit', {}],
    ])
  })

  it('entries that come to one chain at the same moment all stand in it, one after the other', async () => {
    const { db } = get()
    const add = (n: number) => db.transaction().execute(trx => appendAudit(trx, entry('crowded', `act ${n}`)))
    await Promise.all(Array.from({ length: 12 }, (_, n) => add(n)))
    const chain = await readAudit(db, 'slip', 'crowded')
    expect(chain.map(({ seq }) => seq)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1))
    expect(new Set(chain.map(({ action }) => action)).size).toBe(12)
    expect((await verifyAudit(db)).problems).toEqual([])
    await db.deleteFrom('audit_entry').where('case_id', '=', 'crowded').execute()
  })

  it('finds a changed entry, a missing one and a rewritten chain', async () => {
    const { db } = get()
    const where = (id: string, seq: number) =>
      db.updateTable('audit_entry').where('case_id', '=', id).where('seq', '=', seq)
    await where('1', 1).set({ detail: '{"a":"二"}' }).execute()
    expect((await verifyAudit(db)).problems).toEqual(['slip 1 第1条：内容被改动。'])
    await where('1', 1).set({ detail: '{"a":"一","b":2}' }).execute()
    expect((await verifyAudit(db)).problems).toEqual([])
    await db.deleteFrom('audit_entry').where('case_id', '=', '2').where('seq', '=', 2).execute()
    expect((await verifyAudit(db)).problems).toEqual(['slip 2 第2条：与 2026-11-25 的日校验值不符。'])
    await db.updateTable('audit_root').set({ heads: '[]' }).where('day', '=', '2026-11-25').execute()
    expect((await verifyAudit(db)).problems).toEqual(['2026-11-25 的日校验值被改动。'])
  })

  it('finds two entries that were swapped, even with hashes made anew inside each', async () => {
    const { db } = get()
    await db.transaction().execute(async trx => {
      for (const action of ['create', 'submit', 'judge', 'void'])
        await appendAudit(trx, entry('swap', action))
    })
    const problems = async () => (await verifyAudit(db)).problems.filter(text => text.startsWith('slip swap'))
    expect(await problems()).toEqual([])
    const at = (seq: number) =>
      db.updateTable('audit_entry').where('case_id', '=', 'swap').where('seq', '=', seq)
    await at(2).set({ seq: 20 }).execute()
    await at(3).set({ seq: 2 }).execute()
    await at(20).set({ seq: 3 }).execute()
    expect(await problems()).toEqual([
      'slip swap 第2条：与上一条不衔接。',
      'slip swap 第2条：内容被改动。',
      'slip swap 第3条：与上一条不衔接。',
      'slip swap 第3条：内容被改动。',
      'slip swap 第4条：与上一条不衔接。',
    ])
  })
})
