import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright'
import type { Config } from '../config.ts'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** Path of a Chromium: as configured, Debian's, Chrome, playwright's own; null where there is none. */
export function findBrowser(config: Pick<Config, 'browserPath'>): string | null {
  return (
    [config.browserPath, ...PLACES, chromium.executablePath()].find(path => path && existsSync(path)) ?? null
  )
}

/** Takes one picture of a page; only its own host may be asked, nothing is downloaded. */
export async function screenshot(
  executablePath: string,
  address: string,
  options: { userAgent: string; anchor?: string | undefined; signal?: AbortSignal | undefined },
): Promise<Uint8Array> {
  const browser: Browser = await chromium.launch({
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
