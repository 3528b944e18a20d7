/**
 * Makes the shipped `config/forms/处理单.docx` (参考样式): `node api/print/slip-template.ts`. The bureau may replace the
 * file by its own; tags in braces are the fields of api/forms/slip-form.ts. Measures: requirements.md §3.1.2.
 */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  AlignmentType,
  BorderStyle,
  convertMillimetersToTwip,
  Document,
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

const mm = convertMillimetersToTwip
/** Half-points: 小五号 inside the grid, so that the form fits one page. */
const SIZE = 18
const LINE = 250
const LABEL = mm(26)
const HALF = mm(52)
const WIDE = mm(130)
const FONT = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '仿宋' }
const TITLE = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '方正小标宋简体' }
const HEI = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '黑体' }

const run = (text: string, more: object = {}): TextRun =>
  new TextRun({ text, size: SIZE, font: FONT, ...more })

function paragraph(children: ParagraphChild[], more: object = {}): Paragraph {
  return new Paragraph({
    children,
    spacing: { line: LINE, lineRule: LineRuleType.EXACT, before: 0, after: 0 },
    ...more,
  })
}

function cell(children: Paragraph[], width: number, more: object = {}): TableCell {
  return new TableCell({
    children,
    width: { size: width, type: 'dxa' },
    verticalAlign: VerticalAlignTable.CENTER,
    margins: { top: 0, bottom: 0, left: mm(1.5), right: mm(1.5) },
    ...more,
  })
}

const label = (text: string): TableCell =>
  cell(
    text.split('\n').map(line => paragraph([run(line, { font: HEI })], { alignment: AlignmentType.CENTER })),
    LABEL,
  )

const row = (height: number, children: TableCell[]): TableRow =>
  new TableRow({ children, height: { value: mm(height), rule: HeightRule.EXACT }, cantSplit: true })

const pair = (first: string, a: string, second: string, b: string): TableRow =>
  row(9.4, [
    label(first),
    cell([paragraph([run(a)])], HALF),
    label(second),
    cell([paragraph([run(b)])], HALF),
  ])

const wide = (height: number, name: string, lines: Paragraph[]): TableRow =>
  row(height, [label(name), cell(lines, WIDE, { columnSpan: 3 })])

const line = (text: string): Paragraph => paragraph([run(text)])
const right = (text: string): Paragraph => paragraph([run(text)], { alignment: AlignmentType.RIGHT })

const grid = new Table({
  layout: TableLayoutType.FIXED,
  width: { size: LABEL * 2 + HALF * 2, type: 'dxa' },
  columnWidths: [LABEL, HALF, LABEL, HALF],
  borders: {
    top: { style: BorderStyle.SINGLE, size: 8 },
    bottom: { style: BorderStyle.SINGLE, size: 8 },
    left: { style: BorderStyle.SINGLE, size: 8 },
    right: { style: BorderStyle.SINGLE, size: 8 },
    insideHorizontal: { style: BorderStyle.SINGLE, size: 4 },
    insideVertical: { style: BorderStyle.SINGLE, size: 4 },
  },
  rows: [
    pair('填报处室\n（单位）', '{unit}', '填报人/电话', '{filler}'),
    pair('来源平台/版块', '{platform}', '发帖人', '{poster}'),
    pair('发帖时间', '{publishedAt}', '发现时间', '{foundAt}'),
    wide(9.4, '标　　题', [line('{headline}')]),
    wide(9.4, '网　　址', [line('{url}')]),
    wide(25, '主要内容', [line('{content}')]),
    wide(7, '传播情况', [line('{spread}')]),
    wide(27, '办公室\n初步研判', [
      line('{levels}'),
      line('依据：{ground}'),
      line('责任处室：{leadUnit}　　时限：{due}'),
      right('{judgedBy}'),
    ]),
    wide(37, '拟回复内容\n（处理意见）', [
      line('回复方式：{modes}'),
      line('{draft}'),
      right('拟稿：{drafter}　　　处室负责人：　　　　　　'),
    ]),
    wide(13, '分管领导意见', [line('{leaderOpinion}'), right('{leaderSign}')]),
    wide(13, '主要领导意见', [line('{chiefOpinion}'), right('{chiefSign}')]),
    wide(10.5, '上报情况', [line('{reports}')]),
    wide(10.5, '回复情况', [line('{reply}')]),
    wide(10.5, '延期及\n初步回应', [line('{extension}')]),
    wide(15, '跟踪与结果', [line('{tracking}')]),
    pair('办结/是否按时', '{finished}', '存档号/存档人', '{archived}'),
  ],
})

const heading = (text: string, more: object = {}): Paragraph =>
  new Paragraph({
    children: [run(text, { font: HEI, size: 24 })],
    spacing: { before: 160, after: 60 },
    ...more,
  })

const historyCell = (text: string, width: number, more: object = {}) =>
  cell([paragraph([run(text, more)])], mm(width))
const historyTable = new Table({
  layout: TableLayoutType.FIXED,
  width: { size: mm(156), type: 'dxa' },
  columnWidths: [mm(48), mm(30), mm(28), mm(50)],
  rows: [
    new TableRow({
      tableHeader: true,
      children: [
        historyCell('时间', 48, { font: HEI }),
        historyCell('办理人', 30, { font: HEI }),
        historyCell('事项', 28, { font: HEI }),
        historyCell('说明', 50, { font: HEI }),
      ],
    }),
    new TableRow({
      cantSplit: true,
      children: [
        historyCell('{#history}{at}', 48),
        historyCell('{by}', 30),
        historyCell('{label}', 28),
        historyCell('{note}{/history}', 50),
      ],
    }),
  ],
})

const document = new Document({
  creator: '常州应急舆情',
  title: '常州市应急管理舆情信息报告处理单（参考样式）',
  styles: { default: { document: { run: { font: FONT, size: SIZE } } } },
  sections: [
    {
      properties: {
        page: {
          size: { width: mm(210), height: mm(297) },
          margin: {
            top: mm(18),
            bottom: mm(14),
            left: mm(28),
            right: mm(26),
            header: mm(8),
            footer: mm(7),
          },
        },
      },
      footers: {
        default: new Footer({
          children: [
            new Paragraph({
              alignment: AlignmentType.CENTER,
              children: [
                run('参考样式　', { color: '808080' }),
                new TextRun({ children: ['— ', PageNumber.CURRENT, ' —'], size: SIZE, font: FONT }),
              ],
            }),
          ],
        }),
      },
      children: [
        new Paragraph({
          alignment: AlignmentType.CENTER,
          spacing: { before: 0, after: 80 },
          children: [
            new TextRun({
              text: '常州市应急管理舆情信息报告处理单',
              size: 44,
              font: TITLE,
            }),
          ],
        }),
        paragraph([run('{#voidMark}{voidMark}{/voidMark}', { bold: true, color: 'C00000', size: 21 })], {
          alignment: AlignmentType.CENTER,
        }),
        paragraph([run('编号：{number}'), run('\t填报时间：{filledAt}')], {
          tabStops: [{ type: 'right', position: mm(156) }],
          spacing: { before: 0, after: 40 },
        }),
        grid,
        paragraph([run('注：办理完毕后及时交市局办公室存档。不适用的栏目记“/”。')], {
          spacing: { before: 40, after: 0 },
        }),
        paragraph([run('{#hasAppendix}')]),
        heading('附页　{number}', { pageBreakBefore: true }),
        paragraph([run('{#appendix}')]),
        heading('{heading}'),
        new Paragraph({ children: [run('{body}', { size: 21 })], spacing: { line: 320 } }),
        paragraph([run('{/appendix}')]),
        paragraph([run('{/hasAppendix}')]),
        paragraph([run('{#hasHistory}')]),
        heading('办理记录　{number}', { pageBreakBefore: true }),
        historyTable,
        paragraph([run('{/hasHistory}')]),
      ],
    },
  ],
})

writeFileSync(resolve(import.meta.dirname, '../../config/forms/处理单.docx'), await Packer.toBuffer(document))
