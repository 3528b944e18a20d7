import { existsSync } from 'node:fs'
import type { Browser, BrowserType } from 'playwright'
import type { Config } from '../config.ts'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** Loaded when a picture is taken: it costs every start a third of a second. */
const chromium = async (): Promise<BrowserType> => (await import('playwright')).chromium

/** Path of a Chromium: as configured, Debian's, Chrome, playwright's own; null where there is none. */
export async function findBrowser(config: Pick<Config, 'browserPath'>): Promise<string | null> {
  const found = [config.browserPath, ...PLACES].find(path => path && existsSync(path))
  if (found) return found
  const own = (await chromium()).executablePath()
  return existsSync(own) ? own : null
}

/** Longer pages are cut here: a picture of 30,000 px is as much as viewers open. */
const MOST_PX = 30_000
/** What a picture needs; scripts, media and fonts would only cost the site requests. */
const NEEDED = new Set(['document', 'stylesheet', 'image'])

/**
 * Takes one picture of the whole page; only its own host is asked, and only for what is seen: nothing is downloaded
 * and no script of the page runs.
 */
export async function screenshot(
  executablePath: string,
  address: string,
  options: { userAgent: string; signal?: AbortSignal | undefined },
): Promise<Uint8Array> {
  const browser: Browser = await (await chromium()).launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking'],
  })
  const stop = () => void browser.close()
  options.signal?.addEventListener('abort', stop)
  try {
    const context = await browser.newContext({
      viewport: { width: 1200, height: 900 },
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      userAgent: options.userAgent,
      acceptDownloads: false,
      serviceWorkers: 'block',
      javaScriptEnabled: false,
    })
    const { host } = new URL(address)
    await context.route('**', route => {
      const request = route.request()
      const isSeen = NEEDED.has(request.resourceType()) && new URL(request.url()).host === host
      return isSeen ? route.continue() : route.abort()
    })
    const page = await context.newPage()
    await page.goto(address, { waitUntil: 'load', timeout: 30_000 })
    const size = page.viewportSize() ?? { width: 1200, height: 900 }
    const height = await page
      .evaluate<number>('document.documentElement.scrollHeight')
      .catch(() => size.height)
    return await page.screenshot({
      type: 'png',
      timeout: 30_000,
      ...(height > MOST_PX
        ? { clip: { x: 0, y: 0, width: size.width, height: MOST_PX } }
        : { fullPage: true }),
    })
  } finally {
    options.signal?.removeEventListener('abort', stop)
    await browser.close()
  }
}
