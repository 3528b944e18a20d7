/** The ways out: one function per kind of channel, plain text only, so that words of the web are never markup. */
import { createHmac } from 'node:crypto'
import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import { Agent, request } from 'undici'
import { guardedLookup, isPrivateAddress } from '../../crawlers/client.ts'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import type { NoticeChannel } from '../vocabulary.ts'
import type { Message } from './rules.ts'

export interface Channel {
  id: number
  kind: NoticeChannel
  url: string
  secret: string | null
  allowPrivate: boolean
}

export interface Sending {
  config: Pick<Config, 'smtpUrl' | 'mailFrom'>
  channel: Channel
  /** Mail address; null for a robot's group. */
  to: string | null
  message: Message
  /** Epoch ms; signatures of 钉钉 and 飞书 are bound to it. */
  now: number
}

/** Bytes of text that a channel takes; 企业微信 has the smallest robot limit, 2,048. */
export const bytesOf = (kind: NoticeChannel): number => (kind === 'mail' ? 200_000 : 2000)
const TIMEOUT = 15_000

export function plainText({ title, lines }: Message): string {
  const blocks = lines.map(({ text, body, link }) =>
    [lines.length > 1 || !title.endsWith(text) ? text : '', body, link ?? ''].filter(Boolean).join('\n'),
  )
  return [title, ...blocks].join('\n\n')
}

/** Cut between characters; says that it was cut. */
export function withinBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  let out = ''
  let size = Buffer.byteLength('…')
  for (const char of text) {
    size += Buffer.byteLength(char)
    if (size > bytes) break
    out += char
  }
  return `${out}…`
}

const hmac = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('base64')

/** 钉钉: signature over `timestamp\nsecret` with the secret as key, in the address. */
export function dingtalkUrl(url: string, secret: string | null, now: number): string {
  if (!secret) return url
  const signed = new URL(url)
  signed.searchParams.set('timestamp', String(now))
  signed.searchParams.set('sign', hmac(secret, `${now}\n${secret}`))
  return signed.href
}

/** 飞书: empty text signed with `timestamp\nsecret` as key, in the body; seconds, not milliseconds. */
export function feishuSign(secret: string, now: number): { timestamp: string; sign: string } {
  const timestamp = String(Math.floor(now / 1000))
  return { timestamp, sign: hmac(`${timestamp}\n${secret}`, '') }
}

/** @throws AppError notice.send with the answer's own words. */
export async function sendNotice(sending: Sending): Promise<void> {
  const { channel, message, now } = sending
  if (channel.kind === 'mail') return sendMail(sending)
  const text = withinBytes(plainText(message), bytesOf(channel.kind))
  if (channel.kind === 'feishu')
    return post(channel, channel.url, {
      ...(channel.secret && feishuSign(channel.secret, now)),
      msg_type: 'text',
      content: { text },
    })
  const url = channel.kind === 'dingtalk' ? dingtalkUrl(channel.url, channel.secret, now) : channel.url
  return post(channel, url, { msgtype: 'text', text: { content: text } })
}

async function sendMail({ config, to, message }: Sending): Promise<void> {
  if (!config.smtpUrl || !config.mailFrom)
    throw new AppError('notice.send', { message: '没有设置邮件服务器（SMTP_URL、MAIL_FROM）。' })
  if (!to) throw new AppError('notice.send', { message: '收件人没有填写邮箱。' })
  const transport = createTransport({
    url: config.smtpUrl,
    connectionTimeout: TIMEOUT,
    socketTimeout: TIMEOUT,
  })
  try {
    await transport.sendMail({
      from: { name: '常州应急舆情', address: config.mailFrom },
      to,
      subject: message.title,
      text: plainText(message),
    })
  } catch (error) {
    throw new AppError('notice.send', { message: `邮件没有发出：${(error as Error).message}`, cause: error })
  } finally {
    transport.close()
  }
}

/** Staff typed this address: a private one only where the channel says so. */
async function post(channel: Channel, address: string, body: object): Promise<void> {
  const { hostname } = new URL(address)
  const literal = hostname.replace(/^\[|\]$/g, '')
  if (!channel.allowPrivate && isIP(literal) && isPrivateAddress(literal))
    throw new AppError('notice.send', { message: '机器人地址在内网，须先勾选「允许内网地址」。' })
  const agent = new Agent({ connect: channel.allowPrivate ? {} : { lookup: guardedLookup } })
  try {
    const answer = await request(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      headersTimeout: TIMEOUT,
      bodyTimeout: TIMEOUT,
      dispatcher: agent,
    })
    const text = (await answer.body.text()).slice(0, 500)
    if (answer.statusCode !== 200 || !isAccepted(text))
      throw new AppError('notice.send', { message: `机器人没有接收（${answer.statusCode}）：${text}` })
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('notice.send', {
      message: `连接不上机器人：${(error as Error).message}`,
      cause: error,
    })
  } finally {
    await agent.close()
  }
}

/** 企业微信 and 钉钉 answer `errcode` 0, 飞书 `code` or `StatusCode` 0; HTTP 200 alone says nothing. */
function isAccepted(text: string): boolean {
  try {
    const answer = JSON.parse(text) as { errcode?: number; code?: number; StatusCode?: number }
    return (answer.errcode ?? answer.code ?? answer.StatusCode) === 0
  } catch {
    return false
  }
}
