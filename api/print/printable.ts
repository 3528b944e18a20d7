/** Characters that XML 1.0 can't hold would make a file that no program opens. */
const UNPRINTABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

export const printable = (text: string): string => text.replace(UNPRINTABLE, '')
