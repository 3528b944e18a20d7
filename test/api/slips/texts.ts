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

/** The n-th flagged matter, each in a town of its own: the same words twice would fold into one flag. */
export function matter(n: number): { title: string; text: string } {
  const place = PLACES[n % PLACES.length] as string
  return {
    title: `${place}化工厂异味（${n}）`,
    text: `第${n}次：${place}化工厂半夜氨气泄漏，刺鼻气味很重，求有关部门查处。`,
  }
}
