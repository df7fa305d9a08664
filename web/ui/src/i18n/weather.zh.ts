export const weatherZh = {
  title: '气象', tabs: { cyclone: '台风路径', field: '雨量场' }, force: '{n} 级风圈', watch: '{n} 小时警戒线', reference: '参考',
  grades: { TD: '热带低压', TS: '热带风暴', STS: '强热带风暴', TY: '台风', STY: '强台风', SuperTY: '超强台风' } as Record<string, string>, weak: '不足热带低压',
  legend: { seen: '实况（实心）', ahead: '预报（空心、虚线）', cone: '预报误差范围（斜纹）', circle: '7、10、12 级风圈（线越粗风越大）', field: '雨量场：越亮越大，斜纹为不明' },
  none: '当前没有编报的台风', look: '看路径', enter: '录入一报', file: '导入路径文件（CSV、JSON）', fileHint: '整份收下或整份退回，错在哪行哪栏会写明', byAgency: '{agency} · 编号 {number}',
  at: '{at} 中心', place: '{lon}°E {lat}°N', wind: '最大风速', pressure: '气压', moving: '移动', toward: '{dir}，{v} 公里/时', km: '{n} 公里', stale: '最近一报已过 {age}',
  dirs: ['北', '东北', '东', '东南', '南', '西南', '西', '西北'], now: '距本区', nearest: '最近', inside: '在区内', when: '{at}（{in}）', ahead: '{n} 后', ago: '{n} 前', arrives: { 7: '7 级风圈到达', 10: '10 级风圈到达', 12: '12 级风圈到达' } as Record<string, string>, never: '预报时段内不到达', unknown: '机构未报风圈，不明', forecastAt: '预报起报 {at}，至 {n} 小时', noForecast: '没有预报，只算到最近一报',
  assumed: '距离为椭球面距离，取到镇街外轮廓；两点间按大圆匀速推算，每 10 分钟看一次；预报未报风圈时沿用最近一报。不据此发布预警。', radii: '风圈半径（公里）东北/东南/西南/西北', points: '逐点', lead: '+{n} 小时', off: '±{n} 公里',
  end: '停止编报', endReason: '依据，如：登陆后减弱消失', endSure: '确认停止编报', done: '已录入：{name}', known: '这一报已收到过',
  fields: { number: '编号', agency: '发布机构', name: '名称', at: '时间', lon: '中心经度', lat: '中心纬度', wind: '最大风速 米/秒', pressure: '气压 百帕', toward: '移向 度', speed: '移速 公里/时', r7: '7 级风圈 公里', r10: '10 级风圈 公里', r12: '12 级风圈 公里', forecast: '预报' } as Record<string, string>, forecastHint: '每行：时效 经度 纬度 风速 误差公里', radiiHint: '一个数，或四个数', submit: '录入', wrong: '请核对：{field}',
  window: '{n} 小时', slider: '回看的时刻', back: '{n} 小时前', present: '此刻', show: '显示雨量场', hide: '收起', dry: '无雨', dark: '不明', class: '{zh} ≥ {mm}', share: '{n}%', method: '距离反比插值：幂次 {p}，可达 {r} 公里，网格 {c} 米', gauges: '采用 {n} 站', unknownGauges: '缺测 {n} 站：{codes}', error: '逐站检验平均误差 {n} 毫米', towns: '镇街面雨量（毫米）', mean: '本场均值', most: '最大', thiessen: '泰森检验', partly: '部分不明', loading: '正在推算…', mm: '毫米', assumptions: '前提与方法',
}
