const TOWNS = [
  '湖塘镇',
  '遥观镇',
  '横林镇',
  '雪堰镇',
  '洛阳镇',
  '牛塘镇',
  '礼嘉镇',
  '前黄镇',
  '嘉泽镇',
  '湟里镇',
]
const MORE = [
  '郑陆镇',
  '邹区镇',
  '孟河镇',
  '薛家镇',
  '罗溪镇',
  '奔牛镇',
  '西夏墅镇',
  '直溪镇',
  '儒林镇',
  '薛埠镇',
]
const PLACES = [...TOWNS, ...MORE]

const EVENTS = [
  { title: '化工厂异味', text: '化工厂半夜氨气泄漏，刺鼻气味很重，求有关部门查处。' },
  { title: '农药厂出事了', text: '农药厂储罐昨夜氯气外泄，三名工人中毒送医，恳请尽快调查。' },
  { title: '油库甲醇洒了', text: '油库装车时甲醇泄漏流了一地，司机还在旁边抽烟，太危险了，谁来管管。' },
] as const

/** The n-th flagged matter, no two in one town alike: the same words twice would fold into one flag. */
export function matter(n: number): { title: string; text: string } {
  const place = PLACES[n % PLACES.length] as string
  const { title, text } = EVENTS[Math.floor(n / PLACES.length) % EVENTS.length] as (typeof EVENTS)[number]
  return { title: `${place}${title}（${n}）`, text: `第${n}次：${place}${text}` }
}
