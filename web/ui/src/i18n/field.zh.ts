export const fieldZh = {
  title: '现场', online: '已连上', offline: '离线', data: '资料', waits: '待上传', never: '尚无资料', sync: '立即上传', signIn: '登录后上传',
  offlineHint: '没有网络也可填报，恢复后自动上传，不会重复', noWork: '这部手机还没有您的资料，请先联网登录一次',
  tabs: { tasks: '任务', dispatches: '出动', patrol: '巡查', danger: '报险', queue: '上传' },
  none: { tasks: '没有您的任务', dispatches: '您的队伍没有出动', places: '您的镇街没有风险区或重点村落', queue: '没有待上传的内容' },
  due: '时限', late: '已超时', evidence: '须附', feedback: '反馈内容', photo: '拍照', photos: '附件',
  step: { received: '签收', in_progress: '开始办理', feedback: '反馈', done: '办结' },
  next: { acknowledged: '签收', departed: '出发', arrived: '到达', working: '开始作业', released: '撤收' },
  eta: '预计到达', place: '地点', kept: '已保存在手机', at: '发生于',
  refused: '未能办理', dismiss: '知道了', need: '请填写', ok: '提交',
  patrol: { place: '巡查点', finding: '巡查情况', colour: '结论', none: '未见异常', yellow: '加强监测', orange: '准备转移', red: '立即转移' },
  danger: { kind: '类别', title: '发生了什么', place: '地点说明', gps: '用我的位置', noGps: '还没有定位，请在空旷处稍候或允许定位', got: '已定位，误差 {m} 米' },
}
