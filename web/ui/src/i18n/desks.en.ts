import type { desksZh } from './desks.zh'

export const desksEn: typeof desksZh = {
  nav: 'Pages', rows: 'Rows', ways: 'Ways in', open: 'Open', edit: 'Open and edit', import: 'Import', onWall: 'Done on the wall', enter: 'Enter', drillTime: 'Time of the drill', source: 'Source', elements: 'Elements', madeBy: 'Made', state: 'State', holds: 'Holds', revoked: 'Revoked',
  noRegisters: 'No register that you may use', noDrills: 'No drills.', whoCreates: 'An administrator makes drills', noFeeds: 'No feed is set up', noSources: 'No source is registered', sourceHow: 'Sources are made and revoked on the command line: baochu source add, revoke.',
  feed: { mqtt: 'MQTT', mqtt_store: 'Readings of MQTT stored', channel_file: 'Messages: file', channel_webhook: 'Messages: robot', channel_sms: 'Messages: SMS' },
  names: { wall: 'Wall', duty: 'Duty', drill: 'Drills', plan: 'Planning', census: 'Census', safety: 'Safety', admin: 'Administration', registers: 'Registers', accounts: 'Accounts', field: 'Field page' },
  what: {
    duty: 'Hand-over, log, rolls and work reminder, tasks, call-outs and documents are done here; reports, dispatch, closures and transfers on the wall.',
    drill: 'Set the clocks of drills and enter them; inside, all is done as in reality and marked as a drill. Scripts, injects and scores are not here yet.',
    plan: 'Coverage of shelters, reach, islands and single roads are computed and drawn on the wall under Roads; parameters and resources are looked up and edited here and hold at the next computation.',
    census: 'Import sheets, edit registers, look over gaps in responsibility; each file is previewed and checked, and written once confirmed.',
    safety: 'Enterprises, chemicals, gas and dangers are looked up here; leaks and heat are under Models on the wall, tasks under Tasks. Inspections and re-checks are not here yet.',
    admin: 'Accounts, parameters, codes and organisations are kept here; whether data comes in is listed below. Backups and migrations are on the command line.',
  },
  parts: { plan: 'Registers of planning', safety: 'Chemicals and dangers', census: 'Registers to import and edit', gaps: 'Gaps in responsibility', drills: 'Drills', admin: 'Parameters and codes', feeds: 'Feeds', sources: 'Sources' },
}
