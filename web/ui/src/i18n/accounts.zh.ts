export const accountsZh = {
  title: '用户管理', count: '{n} 个账号', shown: '显示 {n} / {all}', filter: '查账号、姓名、岗位', allRoles: '全部角色', allStates: '全部状态', add: '新增账号', loading: '正在读取账号…',
  none: '没有符合条件的账号', noneHint: '换个词，或清除筛选', clear: '清除筛选',
  username: '账号', name: '姓名', post: '岗位', role: '角色', towns: '镇街范围', ways: '登录方式', state: '状态', last: '最近登录',
  whole: '全区', active: '启用', disabled: '停用', never: '从未登录', mustChange: '待改密码', password: '密码', sso: '统一认证', bound: '已绑定', unbound: '未绑定', noWay: '无法登录',
  usernameHint: '1–60 个字母、数字、汉字或 . _ {\'@\'} -，建立后不能改', townsHint: '不选即全区', townsNeeded: '此角色须指定镇街', townsNone: '系统管理员不限镇街', townsUnknown: '还没有镇街区划，请先导入行政区划',
  ssoAllow: '允许用统一认证登录', ssoHint: '首次登录时按账号名或已验证邮箱绑定', ssoDrop: '取消后解除已绑定的身份', withPassword: '同时给一个初始密码',
  edit: '账号 {name}', save: '保存', saved: '已保存：{name}', made: '已新增：{name}', loggedOut: '保存后，该账号已登录的会话即时退出', own: '您改动了自己的账号，请重新登录',
  disable: '停用账号', disableSure: '确认停用', disableWarn: '停用后即时退出，不能再登录；记录仍保留', disabledDone: '已停用：{name}', enable: '启用账号', enabledDone: '已启用：{name}',
  reset: '重设密码', resetSure: '确认重设', resetWarn: '原密码作废，已登录的会话即时退出',
  given: '{name} 的初始密码', givenHint: '只显示这一次，请当面或电话告知本人；首次登录须修改', copy: '复制', copied: '已复制', known: '已记下，关闭',
  own_: { title: '修改密码', first: '首次登录，请先修改初始密码', current: '原密码', fresh: '新密码', again: '再输一次', hint: '至少 8 位', differ: '两次输入的新密码不一致', short: '新密码至少 8 位', submit: '修改', done: '密码已修改，其他地方的登录已退出' },
  roleHint: {
    operator: '接报、调派、封控，导出台账', commander: '值班员之外，可结束事件、调演练时钟', viewer: '只看', planner: '维护台账与区划，导出；不看受威胁人员', clerk: '维护、导入本镇街台账，看本镇街受威胁人员',
    reviewer: '看、导出受威胁人员名单，每次留痕', field: '看本镇街受威胁人员', auditor: '查日志，导出台账，不作任何改动', admin: '管账号、演练、台账，不指挥，不看受威胁人员',
  } as Record<string, string>,
}
