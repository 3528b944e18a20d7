import { isSomebodyThere } from './activity.ts'

/** The program's own HTTP API; an error carries the Chinese sentence that the server gives. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly details: Record<string, unknown>
  constructor(status: number, body: { code?: string; message?: string; details?: Record<string, unknown> }) {
    super(body.message ?? '系统没有应答，请稍后再试。')
    this.code = body.code ?? 'network'
    this.status = status
    this.details = body.details ?? {}
  }
}

async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  const isForm = body instanceof FormData
  const answer = await fetch(path, {
    method,
    headers: {
      ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
      ...(!isSomebodyThere() && { 'x-background': '1' }),
      ...headers,
    },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  }).catch(() => null)
  if (!answer) throw new ApiError(0, { message: '连接不上系统，请检查网络后再试。' })
  const json = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new ApiError(answer.status, json)
  return json as T
}

export const get = <T>(path: string) => call<T>('GET', path)
export const post = <T>(path: string, body: unknown = {}, headers?: Record<string, string>) =>
  call<T>('POST', path, body, headers)
export const patch = <T>(path: string, body: unknown) => call<T>('PATCH', path, body)
export const put = <T>(path: string, body: unknown) => call<T>('PUT', path, body)
export const remove = <T>(path: string) => call<T>('DELETE', path)
