export const modelsZh = {
  title: '模型推算', run: '开始推算', failed: '推算失败', cm: '厘米', assumptions: '假设与局限', hide: '图上隐藏', show: '图上显示', away: '收起', play: '播放', pause: '暂停', slider: '时刻', asOf: '完成于 {at} · 网格 {cell} 米',
  state: { queued: '排队等候', running: '正在计算', done: '完成', failed: '失败', cancelled: '已取消' },
  wind: { gauge: '按测站', speed: '风速', from: '风向', ms: '米/秒', by: '{title}取自 {name} {code}：{value}，{min} 分钟前，距 {km} 公里；可另填', none: '附近无可用的{title}读数，请填写' },
  fire: {
    title: '火场蔓延', spot: '起火点', pick: '在地图上点起火点或森林火灾事件', wind: '风速（米/秒）', from: '风从（度）', hours: '时长（小时）', members: '计 {n} 个成员的概率', wrong: '风速 0 至 60，风向 0 至 360，时长至多 12 小时', head: '火头 {rate} 米/分，向 {to}°，焰长 {flame} 米',
    area: '公顷', houses: '房屋', persons: '夜间人口', likely: '可能性 ≥ {share}：{ha} 公顷', escapes: '队伍撤离余量', reached: '波及对象 {n} 处', after: '{n} 分后', legend: '推算火线（参考）', escape: '撤离路线',
  },
  danger: {
    stored: '{day} 已存等级', notStored: '今日等级未存', store: '存为今日等级',
    title: '火险等级', spot: '推算点', pick: '在地图上点推算点', hint: '气象留空的取附近测站；所填即当日正午在推算点的值', season: '物候', seasons: { auto: '按月份', dry: '枯黄', turning: '返青或转黄', green: '青绿' }, yesterday: '昨日 {code}', chain: '逐日沿用', carry: '沿用 {day} 值', run: '本点推算', map: { class: '全区等级图', fwi: '全区 FWI 图' },
    fields: { warm: '气温 ℃', damp: '湿度 %', wind: '风速 m/s', rain: '日雨量 mm', ago: '无雨日数', fell: '末次雨 mm', ffmc: 'FFMC', dmc: 'DMC', dc: 'DC' }, wrong: '数值不在范围内', class: '{n} 级', unknown: '未知', lacks: '缺{names}', and: '、', start: '{day} 起算，初值 FFMC {ffmc}、DMC {dmc}、DC {dc}', skipped: '{all} 天中 {n} 天缺测，未作推算', cell: '网格 {n} 米',
  },
  release: {
    plume: '扩散范围', heat: '热辐射半径', rate: '泄漏速率 kg/s', levels: '浓度限值 mg/m³', sky: '日照或夜空', skies: { auto: '按昼夜', strong: '强日照', moderate: '中等日照', slight: '弱日照', cloudy: '夜间多云', clear: '夜间少云' }, urban: '城区', run: '推算', air: '风速 {wind} 米/秒，风自 {from}°，稳定度 {stability}',
    level: '浓度', reach: '下风距离', people: '夜 / 日间人口', kind: '类型', pool: '池火', bleve: '火球', fuel: '燃料', fuels: { gasoline: '汽油', kerosene: '煤油', methanol: '甲醇', ethanol: '乙醇', benzene: '苯', acetone: '丙酮', lpg: '石油气', lng: '天然气' }, width: '液池直径 m', mass: '燃料质量 kg', radius: '半径', ball: '火球直径 {m} 米，持续 {s} 秒',
  },
  gas: {
    title: '危化品泄漏', spot: '泄漏点', pick: '在地图上点泄漏位置', un: 'UN 编号', small: '少量泄漏', large: '大量泄漏', run: '初始警戒建议', zones: '隔离半径 {isolation} 米；下风向（向 {to}°，半角 {half}°）防护距离 {protective} 米', by: '依据：{document}',
    targets: '区内防护目标 {n} 处（学校在前）', approaches: '上风向集结路线', legend: '初始警戒建议（参考）',
  },
  flood: {
    title: '积水推算', back: '回溯实测雨量', hours: '小时', forecast: '预报雨强（毫米/时，每 10 分钟一个数）', presets: { hour30: '30 毫米一小时', hour60: '60 毫米一小时', hour90: '90 毫米一小时' }, seriesHint: '共 {min} 分钟，累计 {mm} 毫米', goOn: '从上次推算的水面继续', wrongSeries: '雨强须为 0 至 500 的数，至多 144 个', wrongBack: '回溯时长须为 0 至 24 小时',
    area: '淹没（公顷）', roads: '道路（公里）', persons: '水深超过 {cm} 厘米处居住 {n} 人', buildings: '建筑（外墙处）', suggested: '超过封控水深 {all} 处，建议封控最要紧的 {n} 处', silent: '雨量缺测：{codes}', underpasses: '将超过封控水深的下穿', deepest: '水深最大的道路', error: '水量平衡误差 {e}',
    ways: { run: '逐时推算', screening: '快速筛查' },
    screening: { rain: '降雨', rise: '河水上涨', mm: '雨量（毫米）', hours: '历时（小时）', m: '上涨（米）', run: '筛查', mark: '参考 筛查', rained: '{mm} 毫米 / {h} 小时', risen: '河湖溪流上涨 {m} 米' },
    told: {
      inflows: '入流（泄洪、来水）', levels: '湖河水位', walls: '挡水墙（沙袋、挡板）', add: { inflows: '入流', levels: '水位', walls: '挡水墙' }, pick: { inflows: '点闸坝下游的陆地或溪流', levels: '点湖面或河面' }, unit: { inflows: '流量（米³/秒）', levels: '水位（米，地形基准）' },
      minute: '距现在（分）', line: '加一行', dropLine: '删去此行', row: '或选台账', drop: '删去', draw: '在图上逐点点出', points: '已点 {n} 点', undo: '退一点', done: '画完', by: '高度或高程', height_m: '高出地面（米）', crest_m: '墙顶高程（米）', wrong: '{what}第 {n} 处没有填全，或不是数',
    },
  },
}
export const suggestionZh = {
  title: '建议封控', hint: '内部提示，由人确认后才封路', gauge: '监测', at: '预计 {at}', back: '查看并决定', confirm: '确认封控', dismiss: '不采纳', confirmNote: '确认依据', confirmHint: '确认依据，如：交警现场确认', confirmSure: '封控', dismissNote: '理由', dismissHint: '理由，如：现场无积水', dismissSure: '不采纳',
}
