export const sceneZh = {
  marks: '现场标绘', draw: '标绘', drawn: '已标绘：{kind}', kind: '标绘类别', name: '名称', nameHint: '如：东侧、1 号', post: '负责岗位', postHint: '谁负责', noPost: '未定负责岗位',
  as: { Point: '点位', LineString: '线', Polygon: '范围' },
  how: { Point: '在地图上点一下', LineString: '在地图上逐点点选（已 {n} 点，至少 {least} 点）', Polygon: '沿边界逐点点选（已 {n} 点，至少 {least} 点）' },
  ended: '已画好，共 {n} 点', paused: '未画完，已 {n} 点', go: '继续画', stop: '画完', back: '退一点', again: '重画',
  more: '处置', less: '收起', area: '{n} 公顷', persons: '范围内 {n} 人', targets: '防护目标 {n} 处', why: '依据：{why}（{by}）',
  decide: '对范围内人员', decisions: { evacuate: '疏散撤离', shelter: '就地避险' }, counts: '{persons} 人 · 防护目标 {targets} 处 · 建筑 {buildings} 栋', reason: '决定依据', decideSure: '作出决定', decided: '已作决定',
  finding: '核查结果', findingHint: '如：监测达标，现场已清理', lift: '解除', lifted: '已解除',
}
