export const sceneZh = {
  marks: '现场标绘', draw: '标绘', drawn: '已标绘：{kind}', kind: '标绘类别', name: '名称', nameHint: '如：东侧、1 号', post: '负责岗位', postHint: '谁负责', noPost: '未定负责岗位',
  as: { Point: '点位', LineString: '线', Polygon: '范围' },
  how: { Point: '在地图上点一下', LineString: '在地图上逐点点选（已 {n} 点，至少 {least} 点）', Polygon: '沿边界逐点点选（已 {n} 点，至少 {least} 点）' },
  ended: '已画好，共 {n} 点', paused: '未画完，已 {n} 点', go: '继续画', stop: '画完', back: '退一点', again: '重画',
  more: '处置', less: '收起', area: '{n} 公顷', persons: '范围内 {n} 人', targets: '防护目标 {n} 处', why: '依据：{why}（{by}）',
  decide: '对范围内人员', decisions: { evacuate: '疏散撤离', shelter: '就地避险' }, counts: '{persons} 人 · 防护目标 {targets} 处 · 建筑 {buildings} 栋', reason: '决定依据', decideSure: '作出决定', decided: '已作决定',
  stages: '火场阶段', stage: { none: '燃烧', burning: '复燃', out: '明火扑灭', mop_up: '清理余火', watch: '看守', accepted: '验收' }, next: '下一阶段', note: '说明', inspection: '验收意见', enter: '记为{stage}', staged: '火场：{stage}', until: '看守至 {at}',
  noteHint: { burning: '如：东线复燃，已增派', out: '可不填', mop_up: '可不填', watch: '如：留守 20 人', accepted: '如：全线检查无烟点' },
  checks: '告警核查', checkState: { open: '待核查', asked: '核查中', done: '已核查' }, alarmSince: '{at} 告警', look: '派最近护林员核查', lookAgain: '再派核查', received: '护林员已签收', foundNote: '看到什么（可不填）', findings: { fire: '火情', permitted: '用火', false: '误报' }, found: '核查结果：{result}', waiting: '待核告警 {n}',
  finding: '核查结果', findingHint: '如：监测达标，现场已清理', lift: '解除', lifted: '已解除',
}
