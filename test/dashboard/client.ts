import type { TriageAnswer } from '../../api/posts/routes.ts'
import type { SlipDetail } from '../../api/slips/routes.ts'
import type { SlipAction } from '../../api/vocabulary.ts'
import type { Program } from '../replica/program.ts'

/** One person's hands on the running program's HTTP API; what is refused throws. */
export interface Client {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: object, headers?: Record<string, string>): Promise<T>
  act(slip: SlipDetail, action: SlipAction, body?: object): Promise<SlipDetail>
}

export async function openClient(program: Program, login: string): Promise<Client> {
  const password = program.people.find(person => person.login === login)?.password
  let cookie = ''
  async function call<T>(method: string, path: string, body?: object, more: Record<string, string> = {}) {
    const headers = { origin: program.url, cookie, 'content-type': 'application/json', ...more }
    const answer = await fetch(program.url + path, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
    if (!answer.ok) throw new Error(`${login} ${method} ${path}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  await call('POST', '/api/session', { login, password })
  const client: Client = {
    get: path => call('GET', path),
    post: (path, body, headers) => call('POST', path, body, headers),
    act: (slip, action, body = {}) =>
      client.post(`/api/slips/${slip.id}/actions/${action}`, { version: slip.version, ...body }),
  }
  return client
}

/** Waits until so many posts lie flagged, and returns their ids. */
export async function flaggedPosts(client: Client, count: number): Promise<number[]> {
  for (let tries = 0; tries < 240; tries++) {
    const { items } = await client.get<TriageAnswer>(`/api/triage?limit=${count}`)
    if (items.length >= count) return items.map(({ id }) => id)
    await new Promise(done => setTimeout(done, 250))
  }
  throw new Error(`fewer than ${count} posts were flagged in a minute`)
}

/** A slip of 一般性 whose reply waits for the leader, made from one flagged post. */
export async function slipUnderReview(
  hands: { duty: Client; office: Client; staff: Client },
  postId: number,
  body: string,
): Promise<SlipDetail> {
  const { duty, office, staff } = hands
  const key = { 'idempotency-key': `under-review-${postId}` }
  let slip = await duty.post<SlipDetail>('/api/slips', { postIds: [postId], foundHow: 'monitor' }, key)
  // Some of the board's posts are days old: then S-7 asks for a reason.
  slip = await duty.act(slip, 'submit', { reason: '补录旧帖' })
  const judgement = { level: 'general', ground: '情况简单', leadUnitId: slip.unit.id }
  slip = await office.act(slip, 'judge', judgement)
  slip = await staff.act(slip, 'saveText', { purpose: 'reply', body, mode: 'public' })
  return staff.act(slip, 'sendForReview', { textId: slip.texts.at(-1)?.id })
}
