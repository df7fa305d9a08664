export const limitZh = {
  full: '封控', stops: '禁行：{n}', depth: '积水 {n} 厘米', slower: '慢 {n} 倍',
  scope: '对象', scopes: { all: '全部', some: '指定车型或限行' }, whom: '禁行车型', whomHint: '可多选，可不选', allVehicles: '所有车辆',
  depthField: '积水深度（厘米）', depthHint: '不填即无积水', slowerField: '减速倍数', slowerHint: '不填即不减速', submit: '对此路设限', done: '已设限：{road}',
  need: '请选禁行车型，或填积水深度、减速倍数', wrongDepth: '积水深度须为 1 至 1000 厘米', wrongSlower: '减速倍数须为 1 至 100',
}
export const roadsZh = {
  title: '道路分析', walkers: '行人', persons: '{n} 人', clear: '清除图上结果', clearOne: '清除{what}', zoom: '在图上看', run: '计算', again: '重新计算', busy: '正在计算…', legend: '道路分析图例',
  tabs: { route: '路线', areas: '服务区', islands: '孤岛', singles: '单一通道', coverage: '覆盖' },
  asOf: '数据 {at}', network: '路网 {v}', closures: '封控与限行 {n} 处', model: '参考', modelHint: '模型推算，供参考', stale: '已过期：路网已变化', point: '图上点 {at}',
  profile: '通行方式', minutes: '分', km2: '平方公里', atPoint: '在地图上点选', teams: '全部待命队伍', repick: '重选',
  route: {
    from: '起点', to: '终点', pickFrom: '在地图上点起点', pickTo: '在地图上点终点', hint: '可点事件、队伍图标，或查地点', swap: '起终点互换', then: '路尽后', thenNone: '不步行', way: '路线 {n}', steps: '行程', offRoad: '{side}距道路 {m} 米', drawn: '所选路线', other: '其他路线',
  },
  areas: {
    from: '从此出发', to: '到此', direction: '方向', source: '起点', sourceTo: '目的地', bands: '时限（分钟）', wrong: '时限须为 1 至 6 个不超过 240 的数，如 5, 10, 15, 30', within: '{n} 分钟内', area: '面积', people: '人口', cumulative: '各档含较近各档', pick: '在地图上点选地点',
  },
  islands: {
    none: '当前没有孤岛', noneHint: '封控变化后自动重算', count: '孤岛 {n} 处', total: '共 {n} 人', stranded: '另有 {n} 人所在道路本身封控，附近无通路', unnamed: '无登记村落', village: '{name} {n} 人', roads: '{n} 段道路被隔断', news: '形成孤岛：{what}', label: '孤岛', ground: '被隔断的范围', ask: '查询孤岛', show: '在图上显示',
  },
  singles: { none: '没有依赖单一通道的重点村落', hint: '任一段中断即成孤岛，按段数由多到少', roads: '{n} 段', village: '村落', chain: '单一路段' },
  coverage: {
    demand: '需求', demands: { residents: '全部居民（夜间）', residents_day: '全部居民（日间）', villages: '重点村落受威胁人员', zones: '风险防范区受威胁人员' },
    hazard: '灾种', hazards: { geohazard: '地质灾害', flood: '洪涝', typhoon: '台风', fire: '火灾', earthquake: '地震' }, overnight: '过夜安置', byDay: '不过夜',
    limit_m: '距离上限（米）', indoor_m2: '室内人均（m²）', outdoor_m2: '室外人均（m²）', inForce: '现行 {n}', inForceUnknown: '现行参数', wrong: '请检查填写的数字',
    distance: '距离覆盖', capacity: '容量覆盖', ofAll: '{who}共 {n} 人', unmet: '未安置 {n} 人', circle: '按直线半径画圈会算成 {n} 人（{share} %），道路距离为 {m} 人', cost: '安置步行合计 {n} 人·公里',
    counted: '计入的避灾点 {n}', notCounted: '不计入的避灾点 {n}', use: '安置 / 容量', leaveOut: '排除', takeIn: '恢复', unit: '单位', unitUnmet: '未安置', unitFar: '超出距离', unitAll: '需求', unitNone: '区划外',
    byUnit: '未安置按单位', parameters: '所用参数', given: '本次填写', more: '其余 {n} 个', less: '收起', noCapacity: '容量未知', clickHint: '点图上的避灾点可排除或恢复',
    states: { housed: '有安置', full: '范围内但无余量', far: '超出距离' }, shelterMark: '避灾点 安置/容量', shelterOut: '不计入的避灾点', noneUnmet: '全部需求已安置',
    keys: { 'shelter.per_capita[indoor, overnight]': '室内过夜人均面积', 'shelter.per_capita[outdoor, emergency]': '室外紧急人均面积', 'shelter.service_distance[town]': '镇街级服务距离', 'shelter.appraisal_years': '安全鉴定有效年限' } as Record<string, string>,
  },
}
