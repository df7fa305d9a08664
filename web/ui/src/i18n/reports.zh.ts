export const reportsZh = {
  title: '信息报送', open: '拟报', shut: '收起', draftFlash: '拟快报', seeJournal: '查日志',
  clock: { first: '首报', written: '书面', daily: '日报' },
  state: { running: '计时中', half: '时限过半', near: '临近时限', late: '已超时', met: '按时已报', met_late: '已报，迟报' },
  left: '余 {time}', over: '超 {time}', dueAt: '{at} 前', sentAt: '{at} 报出', used: '已用 {n} %',
  known: '{at} 获知，自此计时',
  overwrite: '再存一次即以本机所写为准；还原则取对方的。',
  kind: { first: '初报', continued: '续报', final: '终报' },
  no: '第 {n} 号', channel: { phone: '电话', written: '书面' },
  said: { overview: '概况', place: '时间、地点', course: '经过', measures: '已采取措施', other: '其他' },
  figure: { dead: '死亡', missing: '失联', injured: '受伤', serious: '其中重伤', loss_yuan: '直接经济损失', forest_ha: '受害森林' },
  unit: { dead: '人', missing: '人', injured: '人', serious: '人', loss_yuan: '元', forest_ha: '公顷' },
  unknown: '不明不填',
  none: '尚未报送', ended: '终报已发出，报送链已结束', fixed: '已发出，不能改动；更正请续报',
  to: '报送对象', toHint: '如：市应急管理局', by: '报送方式', confirmedBy: '带班领导确认', confirmedHint: '岗位或职务', lateReason: '迟报原因', lateNow: '已超过报送时限，必须写明迟报原因',
  sent: '已报送：{kind}', sentTo: '报 {to}', lateMark: '迟报', confirmed: '确认 {by}', hash: '校验值',
  isolated: '孤岛 {n} 处：{names}', isolatedOne: '{name} {n} 人', grade: '初步等级',
  final: '本次为终报（最后一报）', save: '存草稿', saved: '草稿已存，未报出', send: '报送…', sendSure: '确认报送', sendLook: '报出后不能改动。请再看一遍，再报送。',
  savedBy: '草稿：{by} {at}', unsaved: '有未存的改动（本机已保留）', suggested: '已按现有态势拟写，请核对', undo: '改用已存内容', undoSure: '丢弃本机改动？',
  needOverview: '请先写概况',
  grades: '定级记录', gradeNow: '据此定级', graded: '已定级：{grade}', noGrades: '尚无定级记录', byPlan: '此类事件按预案定级，没有分级表', possible: '失联均按死亡计则为{grade}', unchecked: '该版本分级未核对',
}
export const documentsZh = {
  title: '专报', situation: '拟态势专报', flash: '拟快报', incident: '事件', drafting: '正在按此刻态势拟稿…', none: '还没有文稿', noneHint: '按此刻态势拟一份专报，核对后签发',
  over: '再存一次即以本机所写为准；取消则看对方的。',
  kind: { situation: '态势专报', flash: '快报', notice: '响应通知', daily: '日报' }, daily: '拟日报', statistics: '事件与损失统计', from: '起', to: '止', kindCause: '类别 · 原因', times: '起数', total: '合计', silent: '{n} 起没有任何伤亡、损失数据，“–”为不明', causes: '逐起填原因', pending: '待查', figure: { dead: '死亡', missing: '失联', injured: '受伤', evacuated: '转移', collapsed: '倒房', loss: '万元' } as Record<string, string>, because: '因 {names}', missed: '未报：{days}', state: { draft: '草稿', released: '已签发', dropped: '已弃用' },
  asOf: '态势截至 {at}', made: '{by} {at} 拟', changed: '{by} {at} 改', released: '{by} {at} 签发', all: '全部文稿', sources: '数据来源', source: '来源 {n}', sourceAt: '数据时间 {at}', seq: '记录第 {n} 号',
  edit: '修改', keep: '保存修改', kept: '已保存：{no}', name: '标题', head: '小标题', mark: '带数字的句子须保留来源标记〔n〕', text: '正文', add: '加一段', remove: '删去此段', back: '撤销删去',
  release: '签发…', releaseSure: '确认签发', releaseLook: '签发后不能改动。请逐句核对数字与来源。本平台不会自动发出。', done: '已签发：{no}', drop: '弃用…', dropSure: '确认弃用', dropLook: '弃用后不再列出。', dropped: '已弃用：{no}', fixed: '已签发，不能改动', notice: '已批准的通知文本不能改动',
  word: 'Word', pdf: 'PDF', download: '下载',
}
export const journalZh = {
  title: '日志', words: '查词', wordsHint: '几个词，用空格隔开', kind: '类别', post: '岗位', incident: '事件', any: '全部', search: '查', clear: '清除条件', none: '没有相符的记录', noneHint: '少写几个词，或清除条件',
  total: '{n} 条', page: '第 {a}–{b} 条', older: '更早', newer: '更新', denied: '您的岗位不能查阅日志', deniedHint: '值班员、指挥员、审计可查阅',
  verifying: '正在核验全链…', whole: '全链完好 {n} 条', broken: '第 {n} 号起断链', brokenTold: '{told}；此前 {n} 条完好', verify: '再核验', sound: '完好', unsound: '不符', closedIncident: '所选事件', link: '校验 {hash}',
}
/** What happened, by the journal's own names; those that are not named here are found by words. */
export const eventsZh = {
  IncidentReported: '接报', IncidentClosed: '结束事件', IncidentGraded: '定级', ReportDrafted: '拟报', ReportSent: '报送', LossHandedIn: '灾情统计', DocumentDrafted: '拟文稿', DocumentReleased: '签发文稿',
  TeamDispatched: '派队', DispatchAdvanced: '调度进展', RouteInvalidated: '路线失效', RouteReplaced: '改线', TeamStateSet: '队伍状态', NeedsStated: '需求', AllocationAccepted: '联合调派',
  RoadClosed: '封控', RoadReopened: '解除封控', ClosureSuggested: '封控建议', SuggestionDecided: '建议处理', WarningReceived: '预警收到', WarningLifted: '预警解除', CycloneReported: '台风路径', CycloneEnded: '停止编报', IncidentCaused: '事件原因', MessageDelivered: '送达回执', FireDangerStored: '火险等级', HazardStatesChanged: '隐患状态', PatrolReported: '巡查', AlarmFound: '告警',
  CallOutMade: '叫应', CallStepped: '叫应进展', CallEscalated: '叫应升级', CallOutClosed: '叫应结束', TasksIssued: '下达任务', TaskStepped: '任务进展', TasksOverdue: '任务超时', ResponseProposed: '响应建议', DecisionStepped: '会商报批', ResponseDecided: '响应决定',
  TransferOrderEvent: '转移指令', HouseholdsAssigned: '转移安排', ShelterSet: '避灾场所', ShiftStarted: '交接班', DutyLogged: '值班记录', RollCalled: '点名', HeadsCounted: '人数核报', MarksSet: '现场标绘', RunChanged: '模型推算', ClockSet: '演练时钟', RegisterLoaded: '导入台账', RegisterRowsChanged: '改台账',
}
