import { describe, expect, it } from 'vitest'
import { detect } from '../../crawlers/detect.ts'
import { parsePage } from '../../crawlers/parse.ts'
import { Board } from '../replica/board.ts'
import { listPage, rss, threadPage } from '../replica/pages.ts'

const page = (url: string, html: string) =>
  parsePage({
    url,
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: Buffer.from(html),
    receivedAt: '2026-11-23T06:00:00.000Z',
  })

const board = new Board('龙城论坛', [{ fid: 36, name: '百姓呼声' }])
const visitor = { now: Date.parse('2026-11-23T06:00:00Z'), charset: 'utf-8', user: null }
const thread = board.addThread({ fid: 36, title: '路灯不亮', text: '没人修', author: '甲', at: visitor.now })
const links = (n: number) =>
  Array.from(
    { length: n },
    (_, i) => `<li><a href="/a/${i}">第${i}条足够长的新闻标题</a> 2026-11-${10 + i}</li>`,
  ).join('')

describe('detect tells the engine from one page', () => {
  it.each([
    ['discuz', 'list', 'https://bbs.example.cn/bbs/forum-36-1.html', listPage(board, visitor, 36, 1)],
    ['discuz', 'thread', 'https://bbs.example.cn/thread-1-1-1.html', threadPage(board, visitor, thread, 1)],
    ['feed', 'feed', 'https://bbs.example.cn/forum.php?mod=rss&fid=36', rss(board, 'utf-8', 36)],
    ['feed', 'feed', 'https://x.cn/f.json', '{"version":"https://jsonfeed.org/version/1.1","items":[]}'],
    ['feed', 'feed', 'https://x.cn/a', '<feed xmlns="http://www.w3.org/2005/Atom"><title>甲</title></feed>'],
    [
      'phpwind',
      'list',
      'https://bbs.example.cn/thread.php?fid=3',
      '<table><tbody id="threadlist"><tr class="tr3"><td>x</td></tr></tbody></table>',
    ],
    [
      'phpwind',
      'thread',
      'https://bbs.example.cn/read.php?tid=9',
      '<div id="J_posts_list"><div class="J_read_floor" id="read_0">x</div></div>',
    ],
    ['hualongxiang', 'thread', 'https://www.hualongxiang.com/chazuo/14162162', '<p>发表于</p>'],
    ['cz001', 'list', 'https://epaper.cz001.com.cn/czrbpaper/pc/layout/202503/07/node_A01.html', '<p>x</p>'],
    ['weixin', 'thread', 'https://mp.weixin.qq.com/s/abc', '<div id="js_content">x</div>'],
    ['weibo', 'list', 'https://m.weibo.cn/u/1234567890', '<p>x</p>'],
    [
      'article',
      'list',
      'https://www.example.gov.cn/news/',
      `<title>要闻 - 某局</title><ul>${links(12)}</ul>`,
    ],
  ])('%s %s', (engine, role, url, html) => {
    const found = detect(page(url, html))
    expect([found.engine, found.role]).toEqual([engine, role])
    expect(found.confidence).toBeGreaterThanOrEqual(0.6)
    expect(found.why.join('')).not.toBe('')
  })

  it('fills in folder, board key and name', () => {
    const { config } = detect(page('https://x.cn/bbs/forum-36-1.html', listPage(board, visitor, 36, 1)))
    expect(config).toEqual({
      name: '龙城论坛',
      engine: 'discuz',
      url: 'https://x.cn/bbs/',
      boards: [{ key: '36', name: '百姓呼声' }],
    })
    const shown = detect(page('https://x.cn/thread-1-1-1.html', threadPage(board, visitor, thread, 1)))
    expect(shown.config.boards).toEqual([{ key: '36', name: '百姓呼声' }])
  })

  it('says so where nothing fits', () => {
    const found = detect(page('https://x.cn/', '<p>你好</p>'))
    expect([found.engine, found.confidence, found.why]).toEqual([
      null,
      0,
      ['不是论坛、订阅源、公众号或新闻列表，可改为人工录入'],
    ])
  })
})
