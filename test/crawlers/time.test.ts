import { describe, expect, it } from 'vitest'
import { findDate, readDate } from '../../crawlers/time.ts'

/** 14:30 in Shanghai, a Monday. */
const REF = '2026-11-23T06:30:00.000Z'
const utc = (shanghai: string) => new Date(`${shanghai}+08:00`).toISOString()

describe('dates as pages write them (sites.md §9)', () => {
  it.each([
    ['刚刚', '2026-11-23T14:30:00', 'minute'],
    ['35 秒前', '2026-11-23T14:29:25', 'second'],
    ['9\u00a0分钟前', '2026-11-23T14:21:00', 'minute'],
    ['半小时前', '2026-11-23T14:00:00', 'hour'],
    ['3 小时前', '2026-11-23T11:30:00', 'hour'],
    ['昨天\u00a021:05', '2026-11-22T21:05:00', 'minute'],
    ['前天 0:01', '2026-11-21T00:01:00', 'minute'],
    ['[前天]', '2026-11-21T00:00:00', 'day'],
    ['5 天前', '2026-11-18T00:00:00', 'day'],
    ['2周前', '2026-11-09T00:00:00', 'day'],
    ['2026-9-7 6:09:03', '2026-09-07T06:09:03', 'second'],
    ['发表于：２０２６－１１－２２　０８：１０', '2026-11-22T08:10:00', 'minute'],
    ['2026年3月1日', '2026-03-01T00:00:00', 'day'],
    ['11-23 09:10', '2026-11-23T09:10:00', 'minute'],
    ['12-31 23:59', '2025-12-31T23:59:00', 'minute'],
    ['11月2日', '2026-11-02T00:00:00', 'day'],
    ['23:10', '2026-11-22T23:10:00', 'minute'],
    ['Mon Nov 23 14:05:06 +0800 2026', '2026-11-23T14:05:06', 'second'],
    ['Mon, 23 Nov 2026 01:02:03 +0000', '2026-11-23T09:02:03', 'second'],
    ['Fri, 20 Nov 2026 18:00:00', '2026-11-20T18:00:00', 'second'],
    ['1795400000', '2026-11-23T10:13:20', 'second'],
  ])('%s', (wording, at, precision) => {
    expect(readDate(wording, REF)).toEqual({ at: utc(at), precision })
  })

  it('turns of day and year', () => {
    expect(readDate('昨天 23:59', utc('2026-11-23T00:01:00')).at).toBe(utc('2026-11-22T23:59:00'))
    expect(readDate('12-31 10:00', utc('2027-01-01T00:30:00')).at).toBe(utc('2026-12-31T10:00:00'))
    expect(readDate('1 个月前', utc('2028-03-31T12:00:00'))).toEqual({
      at: utc('2028-02-29T00:00:00'),
      precision: 'month',
    })
  })

  it.each([
    '',
    '-',
    '不久前',
    '2026-13-45',
    '2026-2-29',
    '25:61',
    '99999999999999999999 小时前',
    'Foo, 99 Bar',
  ])('nothing is invented for 「%s」', wording => {
    expect(readDate(wording, REF)).toEqual({ at: null, precision: null })
  })

  it.each([
    ['2021-01-07 06:30 来源：常州晚报', '2021-01-07 06:30'],
    ['来源: 溧阳融媒 2026年11月22日 19:40 点击 12', '2026年11月22日 19:40'],
    ['第 12-15 页，共 30 人', null],
    ['0'.repeat(50_000), null],
  ])('found in a longer text: %#', (text, found) => {
    expect(findDate(text)).toBe(found)
  })
})
