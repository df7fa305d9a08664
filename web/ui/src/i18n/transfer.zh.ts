export const shelterZh = {
  tabs: { orders: '转移指令', shelters: '避灾场所' },
  fill: { room: '有余位', near_full: '接近满员', full: '满员' }, state: { standby: '待命', open: '开放', closed: '关闭', out_of_use: '停用' },
  open: '处开放', inside: '人在内', held: '留位', free: '余位', start: '启用避灾场所', stock: '应急包库存', noStock: '不发应急包', stocks: '物资库存',
  goTo: '后续人员改往 {name}（余 {n} 位）', go: '到该处登记', nowhere: '没有余位的场所，请再启用一处', done: '入 {in} 人、出 {out} 人', kits: '发应急包 {n} 个', short: '应急包缺 {n} 个', passed: '未计入：{list}',
  rides: '车辆转移', trips: '{n} 车次（每车 {seats} 人）', have: '可用 {n} 辆', noVehicle: '没有完好的车辆', byVehicle: '车辆转移', passes: '途经（须先查看）',
  reason: '关闭或停用的原因', close: '关闭', outOfUse: '停用', verifyAll: '核验已到达 {n} 人', homes: '逐户', inUse: '在用 {n} 处', lodged: '已住 {n} 人', fullOf: '满员 {n} 处',
}
export const reviewZh = {
  tabs: { log: '日志', review: '用时与态势' }, kind: { call: '叫应', dispatch: '出动', task: '任务', decision: '响应决定' }, again: '重新统计', note: '为何留存，如：18 时',
  step: '步骤', reached: '已到/总数', median: '中位数（分）', none: '尚无进展', empty: '没有这一类',
  steps: { received: '签收', done: '办结', verified: '核实', reached: '接通', read_back: '复述', action: '行动', acknowledged: '签收', departed: '出发', arrived: '到达', consulted: '会商', submitted: '报批', decided: '决定' } as Record<string, string>,
}
export const lossesZh = {
  title: '灾情统计', no: '第 {n} 号', stage: { first: '初报', continued: '续报', complete: '核报' }, town: '选镇街', district: '全区', correction: '更正说明（累计数减少时必填）', complete: '本次为核报（统计结束）', check: '核对', send: '上报', done: '灾情已上报',
}
