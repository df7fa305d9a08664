import type { alarmsZh } from './alarms.zh'

export const alarmsEn: typeof alarmsZh = {
  title: 'Alarms', settings: 'Alarms and sound', acknowledge: 'Noted', all: 'Note all', more: '{n} more', here: 'What this screen alarms of', sound: 'This screen sounds', hear: 'Try', mute: 'Silence all screens', unmute: 'Sound again', minutes: '{n} min',
  muted: 'Silent until {at} · {by}', told: 'Noting and silencing hold for all screens of this world and are on the record; silence stops the sound alone: what nobody has noted goes on blinking.',
  voice: { on: 'Sound is on', off: 'No sound here', locked: 'Sound is off: click', muted: 'Silenced' },
  kinds: { incident: 'Major incident', warning: 'Red, orange warning', hazard: 'Immediate transfer', task: 'Task overdue', callout: 'Call overdue', route: 'Route invalid', headcount: 'Head count', gauge: 'Gauge silent' },
}
