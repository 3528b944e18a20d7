import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'

const PLACES = ['/usr/bin/soffice', '/usr/bin/libreoffice', '/usr/local/bin/soffice']
const LIMIT_MS = 60_000

/** LibreOffice as configured or where systems put it; null = forms come as DOCX only (design §5.13). */
export const findOffice = ({ officePath }: Pick<Config, 'officePath'>): string | null =>
  [officePath, ...PLACES].find(path => path && existsSync(path)) ?? null

let last: Promise<unknown> = Promise.resolve()

/** One conversion at a time: each is a whole LibreOffice. @throws AppError print.noOffice, print.failed. */
export function docxToPdf(config: Pick<Config, 'officePath'>, docx: Uint8Array): Promise<Buffer> {
  const office = findOffice(config)
  if (!office) return Promise.reject(new AppError('print.noOffice'))
  const mine = last.then(() => convert(office, docx))
  last = mine.catch(() => {})
  return mine
}

async function convert(office: string, docx: Uint8Array): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'yuqing-print-'))
  try {
    const input = join(folder, 'form.docx')
    await writeFile(input, docx)
    const profile = pathToFileURL(join(folder, 'profile')).href
    await run(office, [
      `-env:UserInstallation=${profile}`,
      '--headless',
      '--convert-to',
      'pdf',
      '--outdir',
      folder,
      input,
    ])
    return await readFile(join(folder, 'form.pdf'))
  } catch (error) {
    throw new AppError('print.failed', { cause: error })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function run(command: string, args: string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: 'ignore', timeout: LIMIT_MS, killSignal: 'SIGKILL' })
    child.once('error', fail)
    child.once('exit', code => (code === 0 ? done() : fail(new Error(`LibreOffice ended with ${code}`))))
  })
}
