import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EventClass } from '../../pipeline/post.ts'
import { createPipeline } from '../../pipeline/run.ts'
import { ORDINARY as TALK } from '../replica/texts/ordinary.ts'

const pipeline = createPipeline({ configDir: resolve(import.meta.dirname, '../../config') })

/** What nobody may miss: short, without title or with one, as people type them on a local board; the words it must rest on. */
const PLAIN: [text: string, event: EventClass, words: string[], title?: string][] = [
  ['湖塘化工厂半夜氨气泄漏', 'chemical', ['氨气', '泄漏']],
  ['湖塘镇化工厂半夜氨气泄漏，刺鼻气味很重，求有关部门查处。', 'chemical', ['氨气', '泄漏'], '化工厂异味'],
  ['农药厂储罐昨夜氯气外泄，三名工人中毒送医，恳请尽快调查。', 'chemical', ['氯气', '外泄']],
  ['油库装车时甲醇泄漏流了一地，司机还在旁边抽烟。', 'chemical', ['甲醇', '泄漏']],
  ['遥观镇着火了，消防车来了好几辆', 'fire', ['着火了']],
  ['我们小区十二楼起火了，还有人没下来', 'fire', ['起火了']],
  ['横林这家强化木地板厂冒黑烟，火势很大，旁边就是幼儿园', 'fire', ['冒黑烟']],
  ['刚才一声巨响，厂里爆炸了，玻璃全震碎', 'explosion', ['爆炸']],
  ['楼道里一股煤气味，报警器一直叫，谁来看看', 'gas', ['煤气味']],
  ['挖机把天然气管道挖断了，路边一直往外喷气', 'gas', ['天然气', '挖断']],
  ['工友下污水池清淤中毒，两个人没上来', 'workplace_accident', ['中毒']],
  ['礼嘉工地脚手架塌了，工人被埋在下面', 'workplace_accident', ['工人', '被埋']],
  ['电梯突然下坠，一家老小被困在里面半个钟头', 'lift_boiler', ['电梯']],
  ['楼道飞线充电，电瓶车堵住消防通道，隐患太大没人管', 'fire_hazard', ['消防通道', '充电']],
  ['圩堤背水坡往外冒水带沙，脚一踩就陷下去', 'flood', ['背水坡', '冒水']],
  ['车间的可燃气体报警器被老板关掉了，嫌它吵', 'workplace_hazard', ['报警器', '关掉']],
  ['叫我们下污水池清泥，没面罩没绳子，上面也没人看着', 'workplace_hazard', ['污水池', '没面罩']],
  ['烟花零售许可今年怎么办，去窗口两个人两个说法', 'bureau_service', ['烟花零售', '怎么办']],
  ['低压电工证下个月到期，复审一直排不上', 'bureau_service', ['电工证', '到期']],
  ['去年塔吊倒了压死两个人，调查报告到现在没公布', 'workplace_accident', ['压死', '调查报告']],
  ['应急局回复说转给镇里，镇里又说归应急局', 'bureau_service', ['应急局', '回复']],
  ['三楼拉线下来给电瓶车充电，整个楼道都是线', 'fire_hazard', ['拉线', '充电']],
  ['一楼过道停满电瓶车，晚上还在充电，人要侧着走', 'fire_hazard', ['过道', '电瓶车']],
  ['货梯门关不严就往上走，低头看见井道', 'lift_boiler', ['货梯', '门关不严']],
  ['门口的窨井盖没了，昨晚有个孩子掉进去', 'public_facility', ['井盖']],
  ['化粪池盖板破了，小孩差点掉进去', 'public_facility', ['池盖', '破了']],
  ['有人掉河里了，在通江大道桥这里', 'other', ['有人', '掉河里']],
  ['运河边一辆车掉河里了，人还在里面', 'other', ['掉河里']],
  ['龙虎塘厂房违规住人，楼上睡了二三十个工人', 'fire_hazard', ['厂房', '违规住']],
  ['网吧把后门锁死了，里面坐满了人', 'fire_hazard', ['网吧', '后门锁']],
  ['仓库里堆了好多桶油漆，没有任何消防设施', 'fire_hazard', ['油漆']],
  ['煤气公司一直没来检修，管子锈得不成样', 'gas', ['煤气公司', '没来检修']],
  ['饭店后厨煤气罐十几个放一起', 'gas', ['煤气罐']],
  ['锅炉房半夜响得吓人，怕要炸', 'lift_boiler', ['锅炉']],
  ['没有电工证也让上岗，出事谁负责', 'workplace_hazard', ['没有电工证', '上岗']],
  ['厂里机器没防护罩，上个月有人手指被切掉了', 'workplace_accident', ['手指', '切掉']],
  ['塔吊吊着钢筋从马路上面过', 'construction_site', ['塔吊']],
  ['沿街店铺招牌摇摇欲坠', 'building', ['招牌', '摇摇欲坠']],
  ['围墙歪了，学生天天从旁边走', 'building', ['围墙', '歪了']],
  ['隧道积水很深，好几辆车趴窝', 'flood', ['隧道', '积水很深']],
  ['天目湖游泳的人好多，没救生员，去年淹死过人', 'other', ['湖游泳']],
  ['食堂吃完好几个孩子拉肚子', 'other', ['食堂', '拉肚子']],
  ['货船撞桥了', 'other', ['货船', '撞桥']],
  ['打12350没人接，什么态度', 'bureau_service', ['12350']],
  ['举报安全评价机构造假', 'bureau_service', ['安全评价', '造假']],
  ['金坛指前圩堤管涌，水一直往外冒', 'flood', ['管涌']],
  ['一楼进水齐腰深，老人被困，求救', 'flood', ['进水', '被困']],
  ['溧阳后山滑坡，石头已经滚到屋后', 'geological', ['滑坡']],
  ['茅山上着火了，坟山那边烧了一片', 'fire', ['着火了']],
  ['邻居冷库里的氨味飘得满街都是，都在捂着鼻子跑', 'chemical', ['氨味']],
  ['两个师傅下井检修，晕在里面没上来', 'workplace_accident', ['下井', '没上来']],
  ['十五楼又有人从窗户往下扔啤酒瓶，差点砸到孩子', 'building', ['往下扔']],
  ['充电的电池鼓包冒烟，整个楼道的人都跑出来了', 'fire_hazard', ['鼓包']],
  ['有人上坟把山点着了，风又大', 'forest_fire', ['点着']],
]

describe('plain emergencies on a local board are flagged for the words they tell', () => {
  it.each(PLAIN)('%s', (text, event, words, title) => {
    const analysis = pipeline.analyse({ source: 'zhongwu', text, ...(title && { title }) })
    const told = analysis.reasons
      .filter(({ points }) => points > 0)
      .flatMap(({ spans }) => spans.map(each => each.text))
      .join(' ')
    for (const word of words) expect(told).toContain(word)
    expect(analysis.eventClass).toBe(event)
    expect(analysis.flagged).toBe(true)
    expect(Math.min(...Object.values(analysis.gates))).toBeGreaterThanOrEqual(0.5)
  })
})

const ORDINARY = [
  '新开的火锅店很火，排队两个小时',
  '求购二手消防器材，价格面议',
  '物业费又涨了，业委会什么时候开会',
  '这波行情炸了，满仓的都笑醒',
  '孩子明年上小学，红梅这边学区怎么划',
  '昨天看了一部讲地震的电影，哭惨了',
  '手机充电线断了换哪家便宜',
  '孩子头发卷进玩具车了，怎么剪出来',
  '招焊工电工，有证优先，包吃住',
  '没有电工证可以报名培训吗',
  '阳台的插座坏了，小区里谁会修',
  '电动车停在小区楼道门口被偷了',
  '小区加装电梯的补贴怎么办理',
  '厂房出租，一楼带行车',
  '厂里食堂伙食太差',
  '公司食堂的菜一天比一天咸',
  '气瓶年检去哪里办',
  '游船几点开，船票多少钱',
  '冬天湖面结冰真好看',
  '仓库打折清仓，油漆便宜卖',
  '手机掉水里了怎么办',
  '昨天新闻说防溺水教育进校园，老人孩子都要注意',
]

describe('ordinary talk is not, and the score says so', () => {
  it.each(ORDINARY)('%s', text => {
    const analysis = pipeline.analyse({ source: 'zhongwu', text })
    expect(analysis.reasons.find(({ kind }) => kind === 'score')?.message).toMatch(/未过线|压下/)
    expect([analysis.flagged, analysis.eventClass]).toEqual([false, null])
  })
})

describe('talk of a town’s boards, homonyms and figures of speech among it', () => {
  it.each(TALK.map(({ title, text }) => [title, text] as const))('%s', (title, text) => {
    const post = {
      source: 'zhongwu',
      title: title.replaceAll('{}', '湖塘'),
      text: text.replaceAll('{}', '湖塘'),
    }
    expect(pipeline.analyse(post).flagged).toBe(false)
  })

  it('a figure of speech does not hide a danger', () => {
    const text = '家里要炸了！煤气灶漏气，一屋子煤气味，打电话没人来'
    expect(pipeline.analyse({ source: 'zhongwu', text }).flagged).toBe(true)
  })
})
