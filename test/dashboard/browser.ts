import { type BrowserContext, chromium, type Locator, type Page } from 'playwright'
import { findBrowser } from '../../api/evidence/browser.ts'
import type { Program } from '../replica/program.ts'

export interface Viewport {
  width: number
  height: number
}
export const DESK: Viewport = { width: 1440, height: 900 }
export const PHONE: Viewport = { width: 390, height: 844 }

export type Session = Awaited<ReturnType<BrowserContext['storageState']>>

export interface People {
  /** A page of a fresh profile, without or with a session; not opened yet. */
  fresh(viewport: Viewport, state?: Session): Promise<Page>
  /** A fresh page of that person's own browser profile, signed in through the form. */
  signIn(login: string, viewport?: Viewport): Promise<Page>
  /** Everything that any page complained about: exceptions, console errors, violations of the content policy. */
  complaints: string[]
  close(): Promise<void>
}

/** People with a real Chromium each, in front of a running program. */
export async function openPeople(program: Program): Promise<People> {
  const executablePath = await findBrowser({ browserPath: process.env.BROWSER_PATH ?? null })
  if (!executablePath) throw new Error('no Chromium here: node setup.mjs --browser')
  const server = await chromium.launchServer({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--lang=zh-CN'],
  })
  const browser = await chromium.connect(server.wsEndpoint())
  const complaints: string[] = []

  async function fresh(viewport: Viewport, state?: Session): Promise<Page> {
    const isPhone = viewport.width < 600
    const context = await browser.newContext({
      viewport,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      // A dialog that is still growing on a crowded machine may slip away under a click.
      reducedMotion: 'reduce',
      isMobile: isPhone,
      hasTouch: isPhone,
      ...(state && { storageState: state }),
    })
    const page = await context.newPage()
    const note = (text: string) => complaints.push(`${page.url()}: ${text}`)
    page.on('pageerror', error => note(error.message))
    page.on('console', message => {
      if (message.type() === 'error') note(message.text())
    })
    return page
  }

  return {
    complaints,
    fresh,
    async signIn(login, viewport = DESK) {
      const person = program.people.find(each => each.login === login)
      if (!person) throw new Error(`nobody called ${login}`)
      const page = await fresh(viewport)
      await page.goto(program.url)
      await page.getByLabel('用户名').fill(person.login)
      await page.getByLabel('密码').fill(person.password)
      await page.getByRole('button', { name: '登录' }).click()
      await page.getByRole('main').waitFor()
      return page
    },
    // Asked to close, a Chromium on a busy machine may take minutes.
    close: () => server.kill(),
  }
}

/**
 * Pixels by which the page is wider than its window: a person would have to scroll sideways. Charts follow a turned
 * screen a moment later, so it is read once the page fits, or after ten seconds if it never does.
 */
export async function sidewaysPixels(page: Page): Promise<number> {
  const read = () =>
    page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  let pixels = await read()
  for (let tries = 0; pixels !== 0 && tries < 100; tries++) {
    await page.waitForTimeout(100)
    pixels = await read()
  }
  return pixels
}

/** Sends a form that stands open; one that stays open fails with what it says. */
export async function sendForm(form: Locator, verb: string): Promise<void> {
  await form.getByRole('button', { name: verb, exact: true }).click()
  await form.waitFor({ state: 'hidden' }).catch(async problem => {
    throw new Error(`the form stays open and says: ${await form.innerText()}`, { cause: problem })
  })
}
