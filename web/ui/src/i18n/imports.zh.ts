/** 台账导入的用语。 */
export const importsZh = {
  title: '导入', back: '返回台账', denied: '您的岗位不能导入这个台账', steps: { file: '选文件', fields: '对应字段', report: '核对', done: '完成' },
  drop: '把文件拖到这里，或点击选择', kinds: 'GeoPackage、GeoJSON、Shapefile（zip）、KML、XLSX、CSV（UTF-8 或 GBK）', uploading: '正在读取 {name}…', service: '或读取 WFS / OGC API 服务', url: '服务地址', urlHint: 'https://…/wfs?service=WFS', serviceLayer: '图层', fetch: '读取', recent: '未完成的导入', resume: '继续', giveUp: '放弃', giveUpSure: '再点一次放弃', startAgain: '换一个文件',
  layer: '图层', datum: '坐标系统', datumNeed: '请说明文件的坐标系统，系统不代为猜测', datumOther: '其他 EPSG 编号', datumOwn: '文件自带坐标系 {crs}', datums: { CGCS2000: 'CGCS2000（国家大地坐标系）', 'WGS-84': 'WGS-84（GPS、国际数据）', 'GCJ-02': 'GCJ-02（高德、腾讯）', 'BD-09': 'BD-09（百度）', 'EPSG:4549': 'EPSG:4549（三度带，中央经线 120°）', 'EPSG:4528': 'EPSG:4528（带号 40）' },
  column: '文件的列', sample: '前几行', field: '台账字段', leaveOut: '不导入', known: '沿用上次同样格式文件的对应', suggested: '按列名推荐，请核对', missing: '还缺必填字段：{names}', noPlace: '还没有指出位置：经度和纬度两列，或 WKT 列', twice: '同一字段对应了两列：{name}', sheet: '读字段对照表', rows: '{n} 行', rowsUnknown: '行数未知',
  mode: '写入方式', update: '按编码增改', replace: '整表替换（停用文件中没有的行）', demo: '这是演示数据', check: '核对', checking: '正在核对…', lon: '经度（东坐标）', lat: '纬度（北坐标）', wkt: '图形（WKT）', isDemo: '演示标记',
  counts: { rows: '共', new: '新增', changed: '修改', unchanged: '未变', closed: '停用', rejected: '退回' }, unit: '行', refusedTitle: '坐标系统存疑，未收', refusedText: '所述为 {stated}，但按 {suspected} 解释时明显更相符。请改正坐标系统或列的对应后再核对。', keepDatum: '已看证据，仍按所述收入', figures: '各种解释的符合程度', over: '{n} 行', compare: '左为所述，右为对照', fits: '坐标与已知资料相符',
  swapped: '经纬度颠倒', findings: '发现', all: '全部', level: { error: '退回', question: '待答', warning: '提示', accepted: '已确认' }, line: '位置', whole: '整列', value: '原值', why: '原因', accept: '按 {value} 收入', acceptBlank: '记为未知', acceptAll: '本字段全部按建议收入（{n}）', keep: '原样保留', answered: '已答，待重新核对', undo: '撤回', more: '只列出前 {n} 条，退回清单中有全部', recheck: '重新核对', none: '没有发现问题',
  rejects: '下载退回的行', rejectsHint: '改正后可直接再导入', reason: '说明', reasonHint: '如：镇街 6 月上报', confirm: '写入 {n} 行', confirmRest: '写入 {n} 行，退回 {m} 行', nothing: '没有可以写入的行', done: '已写入', doneText: '每一行都记下了来自哪个文件的哪一行。', again: '再导入一个文件', toFields: '改对应', warningNote: '提示不影响写入，列入缺口清单。',
}
