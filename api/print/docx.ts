import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import Docxtemplater from 'docxtemplater'
import PizZip from 'pizzip'
import { AppError } from '../errors.ts'
import { printable } from './printable.ts'

/**
 * Fills a DOCX template of config/forms (the bureau may replace it; tags in braces, see docs). A tag that the data
 * lacks prints empty; text is text: no markup of the web gets into the document.
 * @throws AppError print.template naming what is wrong with a replaced template.
 */
export function fillTemplate(configDir: string, name: string, data: object): Buffer {
  try {
    const zip = new PizZip(readFileSync(resolve(configDir, 'forms', name)))
    const document = new Docxtemplater(zip, {
      paragraphLoop: true,
      linebreaks: true,
      nullGetter: () => '',
    })
    document.render(withoutControls(data))
    return document.getZip().generate({ type: 'nodebuffer', compression: 'DEFLATE' }) as Buffer
  } catch (error) {
    throw new AppError('print.template', {
      message: `表单模板「${name}」有误：${explain(error)}。请恢复随程序提供的模板，或改正后再试。`,
      cause: error,
    })
  }
}

function explain(error: unknown): string {
  const many = (error as { properties?: { errors?: { properties?: { explanation?: string } }[] } }).properties
    ?.errors
  return many?.map(each => each.properties?.explanation ?? '').join('；') || (error as Error).message
}

function withoutControls(value: unknown): unknown {
  if (typeof value === 'string') return printable(value)
  if (Array.isArray(value)) return value.map(withoutControls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutControls(each)]))
}
