import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../../../api/context.ts'
import { deliverDue } from '../../../api/notices/deliver.ts'
import { type Message, messageOf } from '../../../api/notices/rules.ts'
import { plainText, withinBytes } from '../../../api/notices/senders.ts'
import { notify } from '../../../api/notices/store.ts'
import { type TestContext, testContext } from '../context.ts'

const START = Date.parse('2026-11-24T09:00+08:00')

interface Got {
  url: string
  body: { text?: { content: string }; content?: { text: string }; timestamp?: string; sign?: string }
}
/** A robot as 企业微信, 钉钉 and 飞书 answer: HTTP 200 with a code of its own. */
function startRobot(answers: { code: number }) {
  const got: Got[] = []
  const server: Server = createServer((request, reply) => {
    let text = ''
    request.on('data', chunk => {
      text += chunk
    })
    request.on('end', () => {
      got.push({ url: request.url ?? '', body: JSON.parse(text) })
      reply.end(
        JSON.stringify({ errcode: answers.code, errmsg: answers.code ? 'keywords not in content' : 'ok' }),
      )
    })
  })
  return new Promise<{ got: Got[]; url: string; server: Server }>(done =>
    server.listen(0, '127.0.0.1', () =>
      done({ got, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=abc` }),
    ),
  )
}

let test: TestContext
let robot: Awaited<ReturnType<typeof startRobot>>
const answers = { code: 0 }
const mails: string[] = []
let smtp: SMTPServer
let context: Context
beforeAll(async () => {
  robot = await startRobot(answers)
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = ''
      stream.on('data', chunk => {
        text += chunk
      })
      stream.on('end', () => {
        mails.push(text)
        done()
      })
    },
  })
  await new Promise<void>(done => smtp.listen(0, '127.0.0.1', done))
  const { port } = smtp.server.address() as AddressInfo
  test = await testContext(START)
  context = {
    ...test.context,
    config: {
      ...test.context.config,
      smtpUrl: `smtp://127.0.0.1:${port}`,
      mailFrom: 'yuqing@czyj.example',
      publicUrl: 'https://yuqing.czyj.example/',
    },
  }
})
afterAll(async () => {
  await test.close()
  robot.server.close()
  await new Promise<void>(done => smtp.close(done))
})

const tell = (key: string, more: object = {}) =>
  context.db.transaction().execute(trx =>
    notify(trx, {
      key,
      topic: 'deadline',
      title: '处理单 YQ〔2026〕001号 今日到期',
      body: '主办：危化处',
      link: '/slips/1',
      urgent: false,
      personIds: [1],
      at: test.clock.now,
      ...more,
    }),
  )

async function addChannel(kind: string, more: object = {}): Promise<number> {
  const answer = await test.as('admin')('POST', '/api/notice-channels', {
    kind,
    name: `${kind} 群`,
    url: robot.url,
    topics: ['deadline'],
    unitId: null,
    allowPrivate: true,
    active: true,
    ...more,
  })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json().id
}

async function only(id: number): Promise<void> {
  await context.db.updateTable('notice_channel').set({ active: 0 }).where('id', '!=', id).execute()
}

describe('messages', () => {
  const one = { topic: 'deadline', title: '今日到期', body: '主办：危化处', link: '/slips/1' }
  it('one notice is a message with its link; several are a digest', () => {
    expect(plainText(messageOf([one], 'https://y'))).toBe(
      '【时限提醒】今日到期\n\n主办：危化处\nhttps://y/slips/1',
    )
    const digest: Message = messageOf([one, { ...one, title: '明日到期' }], 'https://y')
    expect(plainText(digest)).toContain('【常州应急舆情】2 条通知\n\n今日到期\n主办：危化处')
  })

  it('are cut between characters', () => {
    expect(withinBytes('爆炸爆炸', 9)).toBe('爆炸…')
    expect(withinBytes('爆炸', 9)).toBe('爆炸')
  })
})

describe('delivery', () => {
  it('企业微信: text with the link under PUBLIC_URL, sent once', async () => {
    await only(await addChannel('wecom'))
    await tell('a')
    expect(await deliverDue(context)).toBe(1)
    expect(await deliverDue(context)).toBe(0)
    expect(robot.got.splice(0)).toEqual([
      {
        url: '/hook?key=abc',
        body: {
          msgtype: 'text',
          text: {
            content:
              '【时限提醒】处理单 YQ〔2026〕001号 今日到期\n\n主办：危化处\nhttps://yuqing.czyj.example/slips/1',
          },
        },
      },
    ])
  })

  it('says what an event is called when it goes out, not when it was written', async () => {
    await only(await addChannel('wecom', { topics: ['burst'] }))
    const { id } = await context.db
      .insertInto('event')
      .values({ title: '西瀛里冒烟', created_at: START, hand: 1, merged_into: null })
      .returning('id')
      .executeTakeFirstOrThrow()
    await tell('burst', { topic: 'burst', title: '事件突增', event: { id, title: '西瀛里冒烟' } })
    await context.db.updateTable('event').set({ title: '西瀛里仓库火灾' }).where('id', '=', id).execute()
    await deliverDue(context)
    expect(robot.got.splice(0)[0]?.body.text?.content).toContain('事件突增：西瀛里仓库火灾\n')
  })

  it('钉钉 and 飞书 are signed as their makers say', async () => {
    const secret = 'SEC000'
    await only(await addChannel('dingtalk', { secret }))
    await tell('b')
    await deliverDue(context)
    const signed = new URL(robot.got.splice(0)[0]?.url ?? '', 'http://x').searchParams
    const text = `${test.clock.now}\n${secret}`
    expect(signed.get('timestamp')).toBe(String(test.clock.now))
    expect(signed.get('sign')).toBe(createHmac('sha256', secret).update(text).digest('base64'))
    await only(await addChannel('feishu', { secret }))
    await tell('c')
    await deliverDue(context)
    const [{ body } = { body: {} as Got['body'] }] = robot.got.splice(0)
    const seconds = String(test.clock.now / 1000)
    expect(body.timestamp).toBe(seconds)
    expect(body.sign).toBe(createHmac('sha256', `${seconds}\n${secret}`).update('').digest('base64'))
    expect(body.content?.text).toContain('今日到期')
  })

  it('mail goes to the address that the person gave', async () => {
    const setting = {
      email: 'li@czyj.example',
      mailTopics: ['deadline'],
      quietFrom: '22:00',
      quietTo: '07:00',
      digestMinutes: 0,
    }
    expect((await test.as('duty')('PUT', '/api/notices/setting', setting)).statusCode).toBe(200)
    const person = test.people.find(({ login }) => login === 'duty')
    const { id } = await context.db
      .selectFrom('person')
      .select('id')
      .where('login', '=', person?.login ?? '')
      .executeTakeFirstOrThrow()
    await only(await addChannel('mail', { url: undefined }))
    await tell('d', { personIds: [id] })
    expect(await deliverDue(context)).toBe(1)
    const [mail = ''] = mails
    expect(mail).toContain('To: li@czyj.example')
    expect(mail).toMatch(/Subject: =\?UTF-8\?/)
  })

  it('a refusal is tried again later, then shown as failed with its words, and can be sent again', async () => {
    const channel = await addChannel('wecom')
    await only(channel)
    answers.code = 310000
    await tell('e')
    for (let tries = 0; tries < 6; tries++) {
      await deliverDue(context)
      test.clock.now += 5 * 3_600_000
    }
    expect(robot.got.splice(0)).toHaveLength(6)
    const failed = (await test.as('admin')('GET', '/api/notice-deliveries?state=failed')).json()
    expect(failed).toMatchObject([{ attempts: 6, state: 'failed' }])
    expect(failed[0].error).toContain('keywords not in content')
    answers.code = 0
    expect((await test.as('admin')('POST', `/api/notice-channels/${channel}/retry`)).json()).toEqual({
      count: 1,
    })
    expect(await deliverDue(context)).toBe(1)
    expect(robot.got.splice(0)).toHaveLength(1)
  })

  it('two workers at once send each message once', async () => {
    await only(await addChannel('wecom'))
    for (let i = 0; i < 30; i++) await tell(`many-${i}`, { personIds: [1], topic: 'deadline' })
    await Promise.all([deliverDue(context), deliverDue(context)])
    const lines = robot.got.splice(0).flatMap(({ body }) => body.text?.content.match(/今日到期/g) ?? [])
    expect(lines).toHaveLength(30)
  })

  it('several due at once come as one digest; the test button reaches the group', async () => {
    const channel = await addChannel('wecom')
    await only(channel)
    await tell('f')
    await tell('g')
    expect(await deliverDue(context)).toBe(1)
    expect(robot.got.splice(0)[0]?.body.text?.content).toContain('【常州应急舆情】2 条通知')
    expect((await test.as('admin')('POST', `/api/notice-channels/${channel}/test`)).statusCode).toBe(200)
    expect(robot.got.splice(0)[0]?.body.text?.content).toContain('测试通知')
  })

  it('a private address needs the switch; secrets are not shown again', async () => {
    const channel = await addChannel('wecom', { allowPrivate: false, secret: 'SEC123' })
    const answer = await test.as('admin')('POST', `/api/notice-channels/${channel}/test`)
    expect(answer.statusCode).toBe(502)
    expect(answer.json().message).toContain('允许内网地址')
    const shown = (await test.as('admin')('GET', '/api/notice-channels')).body
    expect(shown).not.toContain('SEC123')
    expect(shown).not.toContain('key=abc"')
    expect((await test.as('duty')('GET', '/api/notice-channels')).statusCode).toBe(403)
  })
})

describe('live screens', () => {
  it('hear of a new notice by SSE; closing the program closes them', async () => {
    const address = await test.app.listen({ port: 0, host: '127.0.0.1' })
    const cookie = await test.cookie('duty')
    const answer = await fetch(`${address}/api/notices/stream`, { headers: { cookie } })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    const told = (await tell('live')) as number
    let text = ''
    while (!text.includes(`"notice":${told}`)) text += (await reader?.read())?.value ?? ''
    expect((await fetch(`${address}/api/notices/stream`)).status).toBe(401)
    await reader?.cancel()
  })
})
