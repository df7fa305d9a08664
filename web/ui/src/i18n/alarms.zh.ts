export const alarmsZh = {
  title: '报警', settings: '报警与声音', acknowledge: '知悉', all: '全部知悉', more: '另有 {n} 条', here: '本屏提示哪些报警', sound: '本屏发声', hear: '试听', mute: '全场静音', unmute: '恢复声音', minutes: '{n} 分',
  muted: '静音至 {at} · {by}', told: '知悉与静音对本场景所有屏幕生效，记入日志；静音只停声音，未知悉的报警仍闪动。',
  voice: { on: '声音已开', off: '本屏不发声', locked: '声音未开，点此打开', muted: '已静音' },
  kinds: { incident: '重大事件', warning: '红橙预警', hazard: '立即转移', task: '任务超时', callout: '叫应超时', route: '路线失效', headcount: '现场人数', gauge: '监测失联' },
}
