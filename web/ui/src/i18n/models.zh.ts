export const modelsZh = {
  title: '模型推算', run: '开始推算', failed: '推算失败', cm: '厘米', assumptions: '假设与局限', hide: '图上隐藏', show: '图上显示', away: '收起', play: '播放', pause: '暂停', slider: '时刻', asOf: '完成于 {at} · 网格 {cell} 米',
  state: { queued: '排队等候', running: '正在计算', done: '完成', failed: '失败', cancelled: '已取消' },
  wind: { speed: '风速', from: '风向', ms: '米/秒', by: '{title}取自 {name} {code}：{value}，{min} 分钟前，距 {km} 公里；可另填', none: '附近无可用的{title}读数，请填写' },
  fire: {
    title: '火场蔓延', spot: '起火点', pick: '在地图上点起火点或森林火灾事件', wind: '风速（米/秒）', from: '风从（度）', hours: '时长（小时）', members: '计 {n} 个成员的概率', wrong: '风速 0 至 60，风向 0 至 360，时长至多 12 小时', head: '火头 {rate} 米/分，向 {to}°，焰长 {flame} 米',
    area: '公顷', houses: '房屋', persons: '夜间人口', likely: '可能性 ≥ {share}：{ha} 公顷', escapes: '队伍撤离余量', reached: '波及对象 {n} 处', after: '{n} 分后', legend: '推算火线（参考）', escape: '撤离路线',
  },
  gas: {
    title: '危化品泄漏', spot: '泄漏点', pick: '在地图上点泄漏位置', un: 'UN 编号', small: '少量泄漏', large: '大量泄漏', run: '初始警戒建议', zones: '隔离半径 {isolation} 米；下风向（向 {to}°，半角 {half}°）防护距离 {protective} 米', by: '依据：{document}',
    targets: '区内防护目标 {n} 处（学校在前）', approaches: '上风向集结路线', legend: '初始警戒建议（参考）',
  },
  flood: {
    title: '积水推算', back: '回溯实测雨量', hours: '小时', forecast: '预报雨强（毫米/时，每 10 分钟一个数）', presets: { hour30: '30 毫米一小时', hour60: '60 毫米一小时', hour90: '90 毫米一小时' }, seriesHint: '共 {min} 分钟，累计 {mm} 毫米', goOn: '从上次推算的水面继续', wrongSeries: '雨强须为 0 至 500 的数，至多 144 个', wrongBack: '回溯时长须为 0 至 24 小时',
    area: '淹没（公顷）', roads: '道路（公里）', persons: '水深超过 {cm} 厘米处居住 {n} 人', suggested: '超过封控水深 {all} 处，建议封控最要紧的 {n} 处', silent: '雨量缺测：{codes}', underpasses: '将超过封控水深的下穿', deepest: '水深最大的道路', error: '水量平衡误差 {e}',
  },
}
export const suggestionZh = {
  title: '建议封控', hint: '内部提示，由人确认后才封路', gauge: '监测', at: '预计 {at}', back: '查看并决定', confirm: '确认封控', dismiss: '不采纳', confirmNote: '确认依据', confirmHint: '确认依据，如：交警现场确认', confirmSure: '封控', dismissNote: '理由', dismissHint: '理由，如：现场无积水', dismissSure: '不采纳',
}
