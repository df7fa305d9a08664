import type { Messages } from './zh'

export const paletteEn: Messages['palette'] = {
  title: 'Commands', hint: 'Chinese, English, or first letters by sound', help: 'Help and keys',
  groups: { acts: 'Act', pages: 'Page', scenes: 'Scene', incidents: 'Incident', teams: 'Team', shelters: 'Shelter', places: 'Place' },
  acts: {
    report: 'Report an incident', closeRoad: 'Close a road', warning: 'Enter a warning', responses: 'Responses', tasks: 'Tasks', callouts: 'Call-outs', transfers: 'Transfers', allocation: 'Joint assignment', duty: 'Duty', roads: 'Road analysis', models: 'Models',
    weather: 'Typhoon and rain field',
    reports: 'Reports (in an incident)', documents: 'Documents', journal: 'Journal', search: 'Find', next: 'Next incident', previous: 'Previous incident', replay: 'Replay', layers: 'Layers', scene_daily: 'Scene: daily', scene_flood: 'Scene: flood', scene_geohazard: 'Scene: geohazard', scene_forest_fire: 'Scene: forest fire', scene_city_fire: 'Scene: city fire, chemicals', scene_drill: 'Scene: drill', scene_none: 'No scene', direct: 'Show on a screen', relief: '2.5-D / flat', fit: 'Fit all', language: 'Language 中文 / English', signOut: 'Sign out', alarms: 'Alarms and sound', palette: 'Commands', help: 'Help and keys',
  },
}
