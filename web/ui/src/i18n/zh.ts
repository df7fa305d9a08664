import { commandZh } from './command.zh'
import { desksZh } from './desks.zh'
import { helpZh, tourZh } from './tour.zh'
import { paletteZh } from './palette.zh'
import { allocationZh, dutyZh } from './duty.zh'
import { documentsZh, eventsZh, journalZh, reportsZh } from './reports.zh'
import { lossesZh, reviewZh, shelterZh } from './transfer.zh'
import { fieldZh } from './field.zh'
import { importsZh } from './imports.zh'
import { alarmsZh } from './alarms.zh'
import { accountsZh } from './accounts.zh'
import { registersZh } from './registers.zh'
import { modelsZh, suggestionZh } from './models.zh'
import { gaugeZh, hazardZh, townRainZh, warningZh } from './hazards.zh'
import { reliefZh } from './relief.zh'
import { weatherZh } from './weather.zh'
import { limitZh, roadsZh } from './roads.zh'
import { sceneZh } from './scene.zh'
import { screenZh } from './screen.zh'

export const zh = {
  brand: '保俶',
  brandLong: '保俶 · 应急指挥调度',
  demo: 'DEMO 演示数据',
  demoMark: 'DEMO',
  kind: { flood: '洪涝积水', city_fire: '城市火灾', forest_fire: '森林火灾', geohazard: '地质灾害', other: '其他' },
  grade: { none: '未定级', general: '一般', larger: '较大', major: '重大', extraordinary: '特别重大' },
  incidentState: { reported: '已接报', responding: '处置中', closed: '已结束' },
  teamState: {
    standby: '待命', mustering: '集结', en_route: '出动', on_scene: '到达', working: '作业', resting: '休整', unavailable: '不可用',
  },
  dispatchState: {
    ordered: '已下令', acknowledged: '已签收', departed: '已出发', arrived: '已到达', working: '作业中', released: '已撤收',
  },
  step: { acknowledged: '签收', departed: '出发', arrived: '到达', working: '开始作业', released: '撤收' },
  source: { phone: '电话', field: '现场', camera: '视频', sensor: '监测设备', upper: '上级转办', other: '其他' },
  vehicle: { fire_engine: '消防车', ambulance: '救护车', pump_truck: '排涝车', pickup: '皮卡' } as Record<string, string>,
  space: { indoor: '室内', outdoor: '室外' },
  placeKind: {
    road: '道路', city: '城市', district: '区', borough: '区', suburb: '街道', quarter: '片区', town: '镇', township: '乡', village: '村', hamlet: '自然村',
    neighbourhood: '社区', isolated_dwelling: '散居点', island: '岛', islet: '小岛', square: '广场', farm: '农场', peak: '山峰', hill: '山', mountain: '山',
    lake: '湖泊', pond: '池塘', reservoir: '水库', water: '水面', wetland: '湿地', river: '河流', stream: '溪流', canal: '河道', station: '车站', attraction: '景点',
  } as Record<string, string>,
  world: {
    live: '实战', drill: '演练', choose: '切换实战、演练', create: '新建演练', name: '代号', nameHint: '小写字母、数字、连字符', title: '名称',
    drop: '删除演练', dropSure: '删除后，该演练的事件、调度与记录都不再可见。确定删除吗？', backToLive: '回到实战', speed: '演练时钟',
    pause: '暂停', nameWrong: '代号须以字母或数字开头，只用小写字母、数字、连字符', noSuch: '没有这个场景',
  },
  data: { age: '数据', ago: '{age}前', fresh: '实时', stale: '数据陈旧', offline: '离线', none: '等待数据', connecting: '正在连接', unsaved: '离线：现在不能提交。所填内容保留在本机，连上后再提交' },
  head: { incidents: '事件', dispatched: '在外队伍', closures: '封控', time: '世界时间' },
  login: {
    title: '登录', username: '账号', password: '密码', submit: '登录', wrong: '账号或密码不对', throttled: '尝试过多，请稍后再试',
    expired: '登录已过期，请重新登录。未提交的文字仍在。', unreachable: '连不上服务器，正在重试…', out: '退出', asking: '正在连接…', need: '请填账号和密码', or: '或',
    refused: {
      unreachable: '连不上统一身份认证，请用本系统账号登录', unknown: '统一身份认证已通过，但本系统没有为您开通，请找系统管理员', denied: '已取消登录', late: '登录超时或已用过，请重试', failed: '统一身份认证没有通过校验，请重试或找系统管理员',
    } as Record<string, string>,
  },
  panel: {
    incidents: '事件', teams: '力量', teamList: '队伍', shelters: '避灾', closures: '道路封控', log: '记录', loading: '正在读取…', retry: '重试',
    noIncidents: '当前没有未结束的事件', noIncidentsHint: '按 N 接报，或在地图上右键', noClosures: '没有封控道路', noLog: '还没有记录', noTeams: '没有登记的队伍',
    standbyOf: '待命', total: '共', sites: '{n} 处', room: '可容', people: '人', unknownRoom: '{n} 处容量未知', denied: '没有查看权限', all: '全部',
  },
  incident: {
    no: '事件 {no}', since: '接报', place: '地点', source: '来源', occurred: '发生', reportedBy: '接报人', note: '情况', team: '队伍', noTeam: '尚未派队',
    eta: '预计', overdue: '已超', arrived: '到场', close: '结束事件', ground: '结束依据', groundHint: '如：积水退去，道路恢复通行', closeSure: '确认结束',
    gone: '此事件已结束或不存在', back: '返回', locate: '在图上看', closeBlocked: '仍有未撤收的队伍',
  },
  recommend: {
    title: '推荐队伍', loading: '正在计算路线…', none: '没有可派的队伍', muster: '集结', travel: '行车', eta: '合计', absent: '未列入 {n} 队及原因',
    computed: '计算于 {at}', closures: '避开封控 {n} 处', again: '重新计算', order: '下令出动', look: '看路线', reason: '理由', reasonHint: '未选首位，须说明理由', changed: '路况已变，请重新计算',
    need: '请写明不选首位的理由', optional: '可不填', ordered: '已向{team}下令',
  },
  dispatch: {
    title: '已派队伍', invalid: '路线失效', rerouted: '已改线', unsigned: '未签收 {n} 分', earliest: '最早到达', releaseSure: '确认撤收', releaseWarn: '撤收后队伍离开此事件，不能恢复这次调派', ordered: '下令', next: '下一步', eta: '预计到达', released: '已撤收', note: '附言', by: '下令人',
  },
  report: {
    title: '接报事件', kind: '类别', name: '事件', nameHint: '一句话：何处何事', place: '地点描述', placeHint: '点位旁的路口、单位、门牌', where: '点位',
    pick: '在地图上点一下，或查地点', picked: '已定点，可再点修改', grade: '初判等级', source: '来源', note: '情况', noteHint: '人员、险情、已采取的措施', occurred: '发生时间', known: '获知时间', knownHint: '报送时限自此计；不填即此刻',
    submit: '提交', drop: '清空', kept: '已保留未提交的内容', done: '已接报：{title}', needTitle: '请写事件', needKind: '请选类别', needPoint: '请在地图上点选位置', dropSure: '清空已填的内容？', nowHint: '不填即此刻',
  },
  closure: {
    title: '设置封控', pick: '在地图上点选道路', road: '道路', unnamed: '无名道路', reason: '原因', presets: ['积水', '塌方', '事故', '火场管制', '施工抢修'], submit: '封控此路',
    lift: '解除', liftReason: '解除依据', liftSure: '确认解除', liftHint: '如：积水退去，交警确认', set: '设于 {at}', done: '已封控：{road}', lifted: '已解除：{road}', need: '请写原因', detour: '封控后绕行：多 {min} 分、{m} 米', noDetour: '封控后无路可绕', notRoad: '这里没有道路，请点在道路上',
  },
  team: {
    members: '{n} 人', fix: '现场定位：{post} {age}前', within: '误差 {m} 米', byRoute: '没有新定位，位置按路线推算', muster: '集结用时', vehicle: '车辆', hazards: '可处置', since: '自 {at}', note: '说明', set: '改为', state: '状态', busy: '执行任务中，撤收后方可改动', code: '编号', done: '已改为{state}',
    needNote: '请写说明', task: '任务',
  },
  tool: { report: '接报', closeRoad: '封路', roads: '道路', models: '推算', layers: '图层', fit: '全图', zoomIn: '放大', zoomOut: '缩小', search: '查地点、队伍、避灾点', searchPoint: '查地点或输入经度, 纬度来定点', none: '没有找到', lost: '连不上服务器，地名暂查不到', place: '地名', coordinates: '坐标', outside: '坐标不在本区范围内（先经度，后纬度）', north: '正北' },
  layers: {
    title: '图层与图例', find: '找图层', fresh: '更新', zoomHint: '放大后显示', close: '关闭',
    group: { base: '底图', situation: '态势', reference: '基础资料' } as Record<string, string>,
  },
  basemap: { title: '底图来源', own: '自有底图', down: '外部底图暂不可用，显示自有底图' },
  exportMap: { button: '导出地图', busy: '正在导出…', hint: '把当前视野和图层存为一个网页文件，断网可看', done: '已导出：{name}' },
  map: {
    neighbour: '毗邻管辖区', offline: '离线 · 底图来自本地', nowebgl: '此浏览器不能绘制地图（需要 WebGL2）', capacity: '可容 {n} 人', capacityUnknown: '容量未知',
    loading: '正在绘制底图…', failed: '底图打不开，其余功能仍可用',
  },
  replay: { title: '回放', mark: '回放 · 非实时', back: '返回实时', play: '播放', pause: '暂停', slider: '回放时刻', speed: '倍速', hash: '态势哈希', keep: '留存快照', kept: '已留存态势快照' },
  strip: { latest: '最新', route: '路线', routeOther: '备选路线', routeBad: '路线失效', closure: '封控', limit: '限行', shelter: '避灾', incident: '事件' },
  desk: { wall: '指挥大屏', accounts: '用户管理', registers: '台账', shared: '本页资料不分实战与演练，改动即时生效', denied: '您的岗位不能使用本页' },
  registers: registersZh,
  accounts: accountsZh,
  command: commandZh,
  alarms: alarmsZh,
  undo: { undo: '撤销', done: '已撤销：{what}', reason: '操作后立即撤销', misreport: '误报，接报后立即撤销', accepted: '队伍已签收，不能撤回；如需返回请撤收' },
  palette: paletteZh,
  tour: tourZh,
  help: helpZh,
  desks: desksZh,
  shelter: shelterZh,
  review: reviewZh,
  losses: lossesZh,
  reports: reportsZh,
  documents: documentsZh,
  journal: journalZh,
  events: eventsZh as Record<string, string>,
  duty: dutyZh,
  allocation: allocationZh,
  field: fieldZh,
  imports: importsZh,
  roads: roadsZh,
  limit: limitZh,
  relief: reliefZh,
  models: modelsZh,
  suggestion: suggestionZh,
  gauge: gaugeZh,
  hazard: hazardZh,
  warning: warningZh,
  townRain: townRainZh,
  weather: weatherZh,
  scene: sceneZh,
  screen: screenZh,
  action: { cancel: '取消', close: '关闭', ok: '确定', save: '保存' },
  lang: 'English',
  error: { title: '未能完成', again: '重试' },
  watermark: '演练',
}
export type Messages = typeof zh
