export const desksZh = {
  nav: '各页面', rows: '条数', ways: '入口', open: '查看', edit: '查看与修改', import: '导入', onWall: '在大屏上办理', enter: '进入', drillTime: '演练时间', source: '来源', elements: '要素', madeBy: '登记', state: '状态', holds: '有效', revoked: '已停用',
  noRegisters: '没有您可用的台账', noDrills: '没有演练。', whoCreates: '新建演练由系统管理员办理', noFeeds: '没有配置推送或拉取的接入', noSources: '没有登记数据来源', sourceHow: '登记与停用来源用命令行：baochu source add、revoke。',
  feed: { mqtt: 'MQTT 接入', mqtt_store: 'MQTT 读数存入', channel_file: '消息发送：文件', channel_webhook: '消息发送：机器人', channel_sms: '消息发送：短信' },
  names: { wall: '大屏', duty: '值班台', drill: '演练导调', plan: '规划', census: '普查', safety: '安全监管', admin: '系统管理', registers: '台账', accounts: '用户管理', field: '现场页' },
  what: {
    duty: '交接班、值班日志、点名与工作提示，任务、叫应、专报，均在此办理；接报、调派、封控、转移在大屏。',
    drill: '在此调演练时钟并进入演练；进入后与实战同样操作，一切带“演练”标记。导调脚本、情景注入与评分尚未提供。',
    plan: '避灾场所覆盖、救援圈、孤岛与单一通道在大屏“道路分析”中计算并上图；参数与资源台账在此查改，改动后重算即用新值。',
    census: '在此导入普查表、修改台账、核对责任关系缺口；每份文件先预览、校核，确认后才写入。',
    safety: '在此查看企业、危化品、燃气与隐患台账；泄漏与热辐射范围在大屏“模型推算”，整改任务在大屏“任务”。执法检查与整改复查流程尚未提供。',
    admin: '用户、参数、代码与组织在此管理；数据接入是否正常见下表。备份与迁移用命令行 baochu。',
  },
  parts: { plan: '规划所用台账', safety: '危化与隐患台账', census: '可导入、可修改的台账', gaps: '责任关系核对', drills: '演练', admin: '参数与代码', feeds: '数据接入', sources: '数据来源' },
}
