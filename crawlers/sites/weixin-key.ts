const HOST = 'mp.weixin.qq.com'
const ARTICLE_KEYS = [['__biz'], ['mid', 'appmsgid'], ['idx', 'itemidx'], ['sn', 'sign']] as const

/**
 * One address for one article: the short form without its query, or the four numbers of the long form. Null for what
 * is no article or expires (search results carry a temporary signature). `replica`: another host that stands for it.
 */
export function weixinKey(address: string, replica?: string): string | null {
  const text = address.replace(/&amp;|\\x26amp;|\\x26/g, '&')
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  if (url.host !== HOST && url.host !== replica) return null
  const origin = url.host === HOST ? `https://${HOST}` : url.origin
  const short = /^\/s\/([\w-]{6,})\/?$/.exec(url.pathname)?.[1]
  if (short) return `${origin}/s/${short}`
  if (!/^\/(s|mp\/appmsg\/show)\/?$/.test(url.pathname)) return null
  const parts = ARTICLE_KEYS.map(names => names.map(name => url.searchParams.get(name)).find(Boolean))
  if (parts.some(part => !part)) return null
  return `${origin}/s?${ARTICLE_KEYS.map(([name], at) => `${name}=${parts[at]}`).join('&')}`
}
