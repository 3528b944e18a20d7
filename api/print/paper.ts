/** Papers made from data (reports, briefs) in the measures of GB/T 9704 (requirements.md §3), as DOCX. */
import {
  AlignmentType,
  BorderStyle,
  convertMillimetersToTwip,
  Document,
  ExternalHyperlink,
  Footer,
  HeightRule,
  LineRuleType,
  Packer,
  PageNumber,
  Paragraph,
  type ParagraphChild,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable,
} from 'docx'
import { printable } from './printable.ts'

/** A run of text; `link` opens where it comes from. */
export type Inline = string | { text: string; link: string }

export type Block =
  | { kind: 'heading' | 'subheading' | 'note' | 'salutation' | 'signature'; text: string }
  /** A new page with a title of its own. */
  | { kind: 'page'; title: string }
  | { kind: 'text'; parts: Inline[] }
  /** `widths` in mm, together 156; the first column is set left, numbers centred. */
  | { kind: 'table'; head: string[]; widths: number[]; rows: Inline[][]; lastIsTotal?: boolean }

export interface Paper {
  title: string
  /** Under the title: who made it, when. */
  byline: string
  blocks: Block[]
}

const mm = convertMillimetersToTwip
const face = (eastAsia: string) => ({ ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia })
const SONG = face('方正小标宋简体')
const FANG = face('仿宋_GB2312')
const HEI = face('黑体')
const KAI = face('楷体_GB2312')
/** Half-points: 2号, 3号, 小四. */
const [TITLE, BODY, SMALL] = [44, 32, 24] as const
/** 22 lines on 225 mm. */
const LINE = { line: 580, lineRule: LineRuleType.EXACT, before: 0, after: 0 }

const inline = (part: Inline, style: object): ParagraphChild => {
  if (typeof part === 'string') return new TextRun({ text: printable(part), ...style })
  const run = new TextRun({ text: printable(part.text), ...style, color: '1D5BB8', underline: {} })
  return new ExternalHyperlink({ link: part.link, children: [run] })
}

const BORDERS = {
  top: { style: BorderStyle.SINGLE, size: 8 },
  bottom: { style: BorderStyle.SINGLE, size: 8 },
  left: { style: BorderStyle.SINGLE, size: 8 },
  right: { style: BorderStyle.SINGLE, size: 8 },
  insideHorizontal: { style: BorderStyle.SINGLE, size: 4 },
  insideVertical: { style: BorderStyle.SINGLE, size: 4 },
}

/** A table of so few rows stands on one page. */
const WHOLE_ROWS = 12

function tableOf(block: Extract<Block, { kind: 'table' }>): Table {
  const whole = block.rows.length <= WHOLE_ROWS
  const row = (cells: Inline[], style: object, more: object = {}, keepNext = whole) =>
    new TableRow({
      cantSplit: true,
      height: { value: mm(8), rule: HeightRule.ATLEAST },
      ...more,
      children: cells.map(
        (part, at) =>
          new TableCell({
            width: { size: mm(block.widths[at] ?? 0), type: 'dxa' },
            verticalAlign: VerticalAlignTable.CENTER,
            margins: { top: 40, bottom: 40, left: mm(1.2), right: mm(1.2) },
            children: [
              new Paragraph({
                alignment: at ? AlignmentType.CENTER : AlignmentType.LEFT,
                keepNext,
                children: [inline(part, style)],
              }),
            ],
          }),
      ),
    })
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: mm(156), type: 'dxa' },
    columnWidths: block.widths.map(mm),
    borders: BORDERS,
    rows: [
      row(block.head, { font: HEI, size: SMALL }, { tableHeader: true }),
      ...block.rows.map((cells, at) =>
        row(
          cells,
          { font: block.lastIsTotal && at === block.rows.length - 1 ? HEI : FANG, size: SMALL },
          {},
          whole && at < block.rows.length - 1,
        ),
      ),
    ],
  })
}

const titleOf = (title: string, more: object = {}): Paragraph =>
  new Paragraph({
    alignment: AlignmentType.CENTER,
    spacing: { after: 160 },
    children: [inline(title, { font: SONG, size: TITLE })],
    ...more,
  })

/** `stays`: on the page of what follows; a signature never stands alone on the last one. */
function paragraphOf(block: Exclude<Block, { kind: 'table' }>, stays: boolean): Paragraph {
  const keepNext = stays
  if (block.kind === 'page') return titleOf(block.title, { pageBreakBefore: true })
  const indent = { firstLine: 640 }
  if (block.kind === 'text')
    return new Paragraph({
      indent,
      keepNext,
      spacing: LINE,
      children: block.parts.map(part => inline(part, { font: FANG, size: BODY })),
    })
  if (block.kind === 'note')
    return new Paragraph({
      spacing: { before: 60, after: 60 },
      children: [inline(block.text, { font: KAI, size: 21 })],
    })
  if (block.kind === 'salutation' || block.kind === 'signature')
    return new Paragraph({
      keepNext,
      spacing: LINE,
      ...(block.kind === 'signature' && { alignment: AlignmentType.RIGHT }),
      children: [inline(block.text, { font: FANG, size: BODY })],
    })
  return new Paragraph({
    indent,
    spacing: LINE,
    keepNext: true,
    children: [inline(block.text, { font: block.kind === 'heading' ? HEI : KAI, size: BODY })],
  })
}

export async function makePaper({ title, byline, blocks }: Paper): Promise<Buffer> {
  const centred = { alignment: AlignmentType.CENTER }
  const document = new Document({
    creator: '常州应急舆情',
    title,
    styles: { default: { document: { run: { font: FANG, size: BODY } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: mm(210), height: mm(297) },
            margin: { top: mm(37), bottom: mm(35), left: mm(28), right: mm(26), footer: mm(26) },
          },
        },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                ...centred,
                children: [
                  new TextRun({ children: ['— ', PageNumber.CURRENT, ' —'], size: 28, font: face('宋体') }),
                ],
              }),
            ],
          }),
        },
        children: [
          titleOf(title),
          new Paragraph({
            ...centred,
            spacing: { after: 240 },
            children: [inline(byline, { font: KAI, size: BODY })],
          }),
          ...blocks.map((block, at) =>
            block.kind === 'table'
              ? tableOf(block)
              : paragraphOf(block, blocks[at + 1]?.kind === 'signature'),
          ),
        ],
      },
    ],
  })
  return Packer.toBuffer(document)
}
