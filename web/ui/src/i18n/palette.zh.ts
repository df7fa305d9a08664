export const paletteZh = {
  title: '命令面板', hint: '输入中文、英文或拼音首字母', help: '帮助与快捷键',
  groups: { acts: '操作', pages: '页面', scenes: '场景', incidents: '事件', teams: '队伍', shelters: '避灾场所', places: '地名' },
  acts: {
    report: '接报', closeRoad: '封路', warning: '录入预警', responses: '应急响应', tasks: '任务', callouts: '叫应', transfers: '人员转移', allocation: '联合调派', duty: '值班', roads: '道路分析', models: '模型推算',
    weather: '台风与雨量场',
    reports: '信息报送（事件内）', documents: '专报', journal: '日志', search: '查找', next: '下一事件', previous: '上一事件', replay: '回放', layers: '图层', scene_daily: '场景：平时', scene_flood: '场景：防汛', scene_geohazard: '场景：地质灾害', scene_forest_fire: '场景：森林火灾', scene_city_fire: '场景：城市火灾·危化', scene_drill: '场景：演练导调', scene_none: '不设场景', direct: '投到大屏', relief: '立体 / 平面', fit: '全图', language: '语言 中文 / English', signOut: '退出登录', alarms: '报警与声音', palette: '命令面板', help: '帮助与快捷键',
  },
}
