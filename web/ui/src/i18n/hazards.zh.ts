export const gaugeZh = {
  title: '监测与险情', none: '各站未超阈值，无险情', over: '超阈值', silent: '失联', stations: '共 {n} 站', elements: { rain: '雨量', water_level: '水位', depth: '积水', wind: '风', wind_direction: '风向', temperature: '气温', humidity: '湿度' } as Record<string, string>,
  states: { fresh: '在线', silent: '失联', alarm: '报警', never: '从未上报', withdrawn: '已撤出' }, last: '最近读数', since: '自 {at}', age: '{age}前', suspect: '存疑', gone: '没有这个监测站', limit: { water_level: '警戒水位', depth: '封控水深' } as Record<string, string>,
  windows: '累计雨量', window: '时段', hours: '{n} 小时', hourShort: '{n} 小时', mm: '毫米', day: '雨日', atLeast: '至少 {n}', unknownHint: '“–”为有缺测、雨量未知；“至少”是已收到的部分，不等于无雨', units: { mm: '毫米', m: '米', cm: '厘米', 'm/s': '米/秒', '°': '度', '°C': '°C', '%': '%' } as Record<string, string>,
  chart: { title: '过程线', total: '累计', empty: '此时段没有读数', missing: '缺测 {n} 段，累计为下限', doubts: '存疑读数 {n} 个，不参与计算', failed: '过程线打不开', stale: '数据陈旧', warning: '警戒', close: '封控', doubt: '存疑', step10: '每 10 分钟', step60: '每小时', stepValue: '均值' },
  legend: { calm: '未超阈值（虚线圈：读数陈旧）', over: '超阈值', silent: '失联或从未上报' },
}
export const hazardZh = {
  internal: '内部提示', internalLong: '内部提示，非对外预警', told: { immediate: '立即转移', prepare: '准备转移', colour: '预警', unknown: '未知', safe: '安全' } as Record<string, string>, shade: { red: '红色', orange: '橙色', yellow: '黄色', blue: '蓝色', none: '无', unknown: '未知' } as Record<string, string>,
  kinds: { landslide: '滑坡', collapse: '崩塌', debris_flow: '泥石流', ground_collapse: '地面塌陷', village: '重点村落' } as Record<string, string>, objects: '{n} 处', people: '{h} 户 {p} 人', uncounted: '{n} 处户数人数不详', since: '自 {at}', gone: '没有这个防范区或村落',
  reasons: { calm: '未达阈值', met: '达到阈值', release: '未降到解除值', hold: '未满最短保持时间', doubt: '有时段未知，保留原告警' } as Record<string, string>, decided: { official: '镇街正式预警', threshold: '雨量阈值（内部提示）', patrol: '巡查报告' } as Record<string, string>, by: '依据',
  evidence: '{h} 小时雨量 {mm} 毫米，阈值 {limit} 毫米', evidenceAt: '测于 {at}', partly: '有时段未知，实际可能更重', unknownWindows: '{n} 小时雨量未知', rain: '雨量与阈值', prepareAt: '准备 {n}', immediateAt: '立即 {n}', noLimits: '没有可用的雨量阈值', gauges: '所依雨量站', noGauge: '没有登记雨量站', silentGauge: '未知（失联）', households: '户', persons: '人', affected: '受威胁', notCounted: '不详',
  patrol: '巡查报告', patrolNone: '还没有巡查报告', finding: '发现情况', findingHint: '如：坡脚渗水、裂缝加宽', findings: { none: '无异常', yellow: '加强监测', orange: '准备转移', red: '立即转移' } as Record<string, string>, submit: '上报', done: '已上报：{name}', need: '请写发现的情况，并选判断', loading: '正在读取…',
  legend: { official: '正式预警或巡查报告（实心）', internal: '雨量阈值（斜纹，内部提示）', unknown: '未知' },
}
export const warningZh = {
  title: '预警', enter: '录入预警', coming: '未生效', none: '当前没有预警', more: '另 {n} 条', official: '正式预警', source: '来源', message: 'CAP 报文', typed: '手工录入', download: '下载 CAP 原件', draft: '导出 CAP 草稿', towns: '涉及镇街', noTowns: '不在本区镇街', received: '收到', until: '至 {at}', open: '{name}，查看', ended: '此预警已结束', untilLifted: '至解除', issuerTitle: '发布机关',
  fields: { kind: '类别', colour: '级别', starts_at: '起始时间', area: '影响范围', cautions: '警示事项', measures: '应采取的措施', issuer: '发布机关', issued_at: '发布时间', ends_at: '结束时间', document_no: '文号', units: '镇街' },
  kinds: { rainstorm: '暴雨', typhoon: '台风', gale: '大风', thunderstorm: '雷暴', snow: '暴雪', icing: '道路结冰', haze: '霾', heat: '高温', cold_wave: '寒潮', geohazard: '地质灾害', mountain_flood: '山洪', flood: '洪水', forest_fire: '森林火险', other: '其他' } as Record<string, string>, colours: { red: '红', orange: '橙', yellow: '黄', blue: '蓝' } as Record<string, string>,
  file: '选择或拖入 CAP 报文', fileHint: '原样保存；实战只收实际预警，演练只收演练预警', or: '或照文件填写', isOfficial: '正式预警（有发布机关和文号）', isOwn: '本单位内部提示', submit: '录入', done: '已录入：{name}', known: '此报文已收到过', receivedNone: '报文已收，其所指预警已结束', lift: '解除', liftReason: '解除依据', liftSure: '确认解除', optional: '可不填',
}
export const townRainZh = { title: '分镇雨量', hours: '{n} 时', gap: '缺测', gapHint: '能代表该镇街的雨量站有缺测，雨量未知，不等于无雨', none: '没有镇街界', how: '由各雨量站按距离反比加权的面雨量' }
