import { describe, expect, it } from 'vitest'
import { readNoticeText } from '../../../api/calendar/notice-text.ts'
import { shippedNotices } from '../../../api/calendar/shipped.ts'

const shipped = (year: number) => {
  const found = shippedNotices().find(each => each.year === year)
  return { off: found?.off.map(({ day }) => day).sort(), work: found?.work.toSorted() }
}
const read = (text: string, year: number) => {
  const { off, work, problems, number } = readNoticeText(text, year)
  return { off: off.map(({ day }) => day).sort(), work: work.toSorted(), problems, number }
}

describe('the wording of a notice, pasted', () => {
  it('2026: ranges, make-up days on both sides, lunar dates in brackets', () => {
    const text = `国办发明电〔2025〕7号 各市应急部门：安排如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，请各单位安排好值班。`
    expect(read(text, 2026)).toEqual({ ...shipped(2026), problems: [], number: '国办发明电〔2025〕7号' })
  })

  it('2019: a year named before the date, a holiday over the turn of the year, single days', () => {
    const text = `一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。
二、春节：2月4日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。
三、清明节：4月5日放假，与周末连休。
四、劳动节：5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。
五、端午节：6月7日放假，与周末连休。
六、中秋节：9月13日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。`
    expect(read(text, 2019)).toEqual({ ...shipped(2019), problems: [], number: null })
  })

  it('the wrong year, a wrong count and a date that is none are named', () => {
    const wrongYear = '一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。'
    expect(readNoticeText(wrongYear, 2027).problems.join()).toContain('请核对年份')
    expect(readNoticeText('一、元旦：1月1日至3日放假，共4天。', 2026).problems.join()).toContain('共 4 天')
    expect(readNoticeText('一、春节：2月30日放假。', 2026).problems.join()).toContain('不是日期')
    expect(readNoticeText('明年放假安排见附件', 2026).problems.join()).toContain('没有读出')
    expect(readNoticeText('一、国庆节：10月7日至1日放假，共7天。', 2026).problems.join()).toContain(
      '起止不对',
    )
  })
})
