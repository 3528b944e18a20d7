import { randomFrom } from '../../replica/random.ts'
import type { Said } from '../desk.ts'

/** Incidents as several people tell them, each in words of his own. */
const INCIDENTS: Record<string, string[]> = {
  瑞锦: [
    '博爱路瑞锦大厦着火了，五楼窗户往外冒黑烟，消防车来了三辆。',
    '瑞锦大厦浓烟滚滚，楼上还有人没下来，求消防快点！',
    '昨晚瑞锦大厦火灾，楼里的消防栓拧开没有水，太危险了，谁来管？',
    '听说瑞锦大厦起火是电线老化，物业收了钱不维修，请有关部门查一查。',
  ],
  鼎晟: [
    '滨江化工园鼎晟化工半夜刺鼻气味很重，是不是氨气泄漏了？',
    '鼎晟化工又在偷排，恶臭熏得睡不着觉，孩子咳嗽，求应急局查处。',
    '鼎晟化工储罐那边冒白烟，怕是氨气泄漏，附近居民都跑出来了。',
  ],
  龙亿: [
    '龙亿桥下塌陷了一个大坑，一辆电动车掉进去，人受伤了，快来人围起来。',
    '龙亿桥路面塌陷两天了还没有围挡，晚上看不见，太危险了。',
    '反映龙亿桥塌陷：坑越来越大，公交车还在从旁边走，请尽快处理。',
  ],
  星茂: [
    '星茂广场电梯困人二十分钟，打维保电话没人接，里面有孕妇。',
    '星茂广场的电梯又坏了，昨天困人今天下坠，年检是怎么过的？投诉！',
  ],
}
const SINGLES = [
  '清凉新村八幢楼道飞线充电，电瓶车堵住消防通道，隐患太大没人管。',
  '请问烟花爆竹经营许可证在哪里办理，需要什么材料？',
  '运河边新修的护坡开裂了，汛期快到了，希望水利部门看看。',
  '学校门口的配电箱门掉了，电线裸露，家长担心孩子触电，请尽快维修。',
]

export interface Told extends Said {
  incident: string
}

/** Every telling as a post, an hour or so apart, in a shuffled order of arrival; times are those of the tellings. */
export function toldIn(order: number): Told[] {
  const told: Told[] = []
  const tell = (incident: string, text: string) => {
    const n = told.length
    const at = `2019-05-20T${String(6 + Math.floor(n / 2)).padStart(2, '0')}:${n % 2 ? '40' : '10'}`
    told.push({
      incident,
      key: `k${n}`,
      text,
      at,
      source: (['zhongwu', 'hualong', 'bendi'] as const)[n % 3] as string,
    })
  }
  for (const [incident, texts] of Object.entries(INCIDENTS)) for (const text of texts) tell(incident, text)
  for (const text of SINGLES) tell(`alone ${text}`, text)
  const { below } = randomFrom(order)
  for (let i = told.length - 1; i > 0; i--) {
    const j = below(i + 1)
    ;[told[i], told[j]] = [told[j] as Told, told[i] as Told]
  }
  return told
}

/** Incident names of those that several people tell. */
export const GATHERED = Object.keys(INCIDENTS)
