/** Words that praise or blame by themselves, most of them as citizens use them in complaints and thanks. */
const POSITIVE = `
感谢 谢谢 多谢 感激 表扬 点赞 赞 称赞 好评 满意 放心 安心 及时 迅速 高效 热情 负责 认真 细心 耐心 贴心 暖心 周到 专业 干净 整洁 漂亮 美丽
方便 便利 舒适 舒服 安全感 幸福 开心 高兴 快乐 喜欢 喜爱 支持 加油 优秀 厉害 给力 靠谱 值得 不愧 欣慰 感动 温暖 温馨 善良 可爱 美好 平安 健康
好人 好事 英雄 致敬 祝福 祝愿 进步 改善 好转 解决了 修好了 恢复了 顺利 成功 胜利 惊喜 棒 不错 很好 真好 太好了 辛苦了 挺好 好吃 好看 好玩 有趣
享受 自豪 骄傲 团结 爱心 友好 公平 透明 实惠 优惠 哈哈 嘻嘻 么么哒 爱你
`
const NEGATIVE = `
投诉 举报 扰民 噪音 噪声 刺鼻 臭味 恶臭 难闻 异味 污染 脏 脏乱差 垃圾 危险 隐患 害怕 担心 担忧 恐怖 可怕 吓人 提心吊胆 出事 事故 爆炸 起火 着火
塌 坍塌 倒塌 漏水 漏气 泄漏 积水 堵塞 堵死 瘫痪 停水 停电 坏了 没人管 无人管 不管 不作为 乱作为 推诿 扯皮 敷衍 拖延 拖欠 推卸 踢皮球 失职 渎职 包庇
无视 违规 违法 违章 私自 偷偷 霸占 占用 占道 乱停 乱扔 乱收费 乱搭建 欺骗 骗 骗子 坑人 坑 黑心 无良 奸商 欺负 威胁 恐吓 打人 受伤 死亡 去世 遇难 伤亡
气愤 愤怒 生气 气死 恶心 讨厌 烦 烦死 烦躁 崩溃 绝望 失望 寒心 心寒 痛苦 难受 难过 伤心 心疼 无奈 无语 郁闷 委屈 可怜 悲伤 哭 可恶 可恨 可耻 无耻 丢脸
差劲 太差 很差 恶劣 糟糕 糟心 严重 苦不堪言 忍无可忍 忍受 影响休息 睡不着 失眠 头疼 头晕 呕吐 咳嗽 生病 病 累 破烂 破旧 老化 失修 破损 混乱 拥堵 坑洼
泥泞 难走 难行 不便 麻烦 困难 倒霉 悲剧 垮 滚 傻逼 混蛋 王八蛋 妈的 他妈的 贱 渣 呸 草泥马 后悔 遗憾 可惜 孤独 寂寞 抱怨 谣言 造谣 恐慌 焦虑 紧张 紧急
`
/** Turns the word that follows within a few characters. */
export const NEGATORS = [
  '不',
  '没',
  '没有',
  '别',
  '未',
  '无',
  '并非',
  '不是',
  '不再',
  '难以',
  '毫无',
  '不太',
  '从不',
  '从未',
  '绝不',
  '不够',
  '并不',
]
/** Strengthens (over 1) or weakens the word that follows. */
export const DEGREES: Record<string, number> = {
  非常: 2,
  特别: 2,
  极其: 2,
  十分: 2,
  万分: 2,
  太: 1.8,
  超级: 2,
  实在: 1.6,
  真的: 1.5,
  真: 1.4,
  很: 1.5,
  好: 1.2,
  更: 1.4,
  越来越: 1.6,
  如此: 1.5,
  相当: 1.6,
  最: 1.8,
  极度: 2,
  完全: 1.8,
  根本: 1.8,
  一直: 1.2,
  多次: 1.4,
  长期: 1.4,
  有点: 0.6,
  有些: 0.6,
  稍微: 0.5,
  比较: 0.8,
  略: 0.5,
  不太: 0.6,
}
const listed = (text: string, value: number): [string, number][] =>
  text
    .split(/\s+/)
    .filter(Boolean)
    .map(word => [word, value])

export const POLARITY: ReadonlyMap<string, number> = new Map([
  ...listed(POSITIVE, 1),
  ...listed(NEGATIVE, -1),
])
