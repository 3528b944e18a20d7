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

/** Takes one picture of a page; only its own host may be asked, nothing is downloaded. */
export async function screenshot(
  executablePath: string,
  address: string,
  options: { userAgent: string; anchor?: string | undefined; signal?: AbortSignal | undefined },
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
    })
    const { host } = new URL(address)
    await context.route('**', route =>
      new URL(route.request().url()).host === host ? route.continue() : route.abort(),
    )
    const page = await context.newPage()
    await page.goto(address, { waitUntil: 'load', timeout: 30_000 })
    if (options.anchor)
      await page
        .locator(`[id="${options.anchor}"]`)
        .first()
        .scrollIntoViewIfNeeded({ timeout: 5_000 })
        .catch(() => {})
    return await page.screenshot({ type: 'png', timeout: 30_000 })
  } finally {
    options.signal?.removeEventListener('abort', stop)
    await browser.close()
  }
}
