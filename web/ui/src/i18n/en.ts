import type { Messages } from './zh'
import { commandEn } from './command.en'
import { desksEn } from './desks.en'
import { helpEn, tourEn } from './tour.en'
import { paletteEn } from './palette.en'
import { allocationEn, dutyEn } from './duty.en'
import { documentsEn, eventsEn, journalEn, reportsEn } from './reports.en'
import { lossesEn, reviewEn, shelterEn } from './transfer.en'
import { fieldEn } from './field.en'
import { importsEn } from './imports.en'
import { alarmsEn } from './alarms.en'
import { accountsEn } from './accounts.en'
import { registersEn } from './registers.en'
import { modelsEn, suggestionEn } from './models.en'
import { gaugeEn, hazardEn, townRainEn, warningEn } from './hazards.en'
import { reliefEn } from './relief.en'
import { weatherEn } from './weather.en'
import { limitEn, roadsEn } from './roads.en'
import { sceneEn } from './scene.en'
import { screenEn } from './screen.en'

export const en: Messages = {
  brand: 'Baochu',
  brandLong: 'Baochu · Emergency command',
  demo: 'DEMO data',
  demoMark: 'DEMO',
  kind: { flood: 'Flooding', city_fire: 'City fire', forest_fire: 'Forest fire', geohazard: 'Geohazard', other: 'Other' },
  grade: { none: 'Not graded', general: 'General', larger: 'Larger', major: 'Major', extraordinary: 'Extraordinary' },
  incidentState: { reported: 'Reported', responding: 'Responding', closed: 'Closed' },
  teamState: {
    standby: 'Standby', mustering: 'Mustering', en_route: 'En route', on_scene: 'On scene', working: 'Working', resting: 'Resting', unavailable: 'Unavailable',
  },
  dispatchState: {
    ordered: 'Ordered', acknowledged: 'Acknowledged', departed: 'Departed', arrived: 'Arrived', working: 'Working', released: 'Released',
  },
  step: { acknowledged: 'Acknowledge', departed: 'Depart', arrived: 'Arrive', working: 'Start work', released: 'Release' },
  source: { phone: 'Phone', field: 'Field', camera: 'Camera', sensor: 'Sensor', upper: 'From above', other: 'Other' },
  vehicle: { fire_engine: 'fire engine', ambulance: 'ambulance', pump_truck: 'pump truck', pickup: 'pickup' },
  space: { indoor: 'indoor', outdoor: 'outdoor' },
  placeKind: {
    road: 'Road', city: 'City', district: 'District', borough: 'Borough', suburb: 'Suburb', quarter: 'Quarter', town: 'Town', township: 'Township', village: 'Village', hamlet: 'Hamlet',
    neighbourhood: 'Neighbourhood', isolated_dwelling: 'Dwelling', island: 'Island', islet: 'Islet', square: 'Square', farm: 'Farm', peak: 'Peak', hill: 'Hill', mountain: 'Mountain',
    lake: 'Lake', pond: 'Pond', reservoir: 'Reservoir', water: 'Water', wetland: 'Wetland', river: 'River', stream: 'Stream', canal: 'Canal', station: 'Station', attraction: 'Sight',
  },
  world: {
    live: 'LIVE', drill: 'DRILL', choose: 'Switch world', create: 'New drill', name: 'Code', nameHint: 'lower-case letters, digits, hyphens', title: 'Title',
    drop: 'Delete drill', dropSure: 'Its incidents, dispatches and records will no longer be seen. Delete it?', backToLive: 'Back to live', speed: 'Drill clock',
    pause: 'Pause', nameWrong: 'Start with a letter or digit; lower-case letters, digits and hyphens only', noSuch: 'There is no such world',
  },
  data: { age: 'Data', ago: '{age} ago', fresh: 'live', stale: 'Data is stale', offline: 'Offline', none: 'Waiting for data', connecting: 'Connecting', unsaved: 'Offline: nothing can be saved now. What you typed stays here; save it once we are back' },
  head: { incidents: 'Incidents', dispatched: 'Teams out', closures: 'Closures', time: 'World time' },
  login: {
    title: 'Sign in', username: 'Account', password: 'Password', submit: 'Sign in', wrong: 'Wrong account or password', throttled: 'Too many attempts, please wait',
    expired: 'Your session has ended, please sign in again. Unsent text is kept.', unreachable: 'The server cannot be reached, trying again…', out: 'Sign out', asking: 'Connecting…', need: 'Enter account and password', or: 'or',
    refused: {
      unreachable: 'Single sign-on cannot be reached: use an account of this system', unknown: 'Single sign-on knows you, but nobody has opened an account for you here: ask the administrator', denied: 'Sign-in cancelled', late: 'This sign-in took too long or was used before: try again', failed: 'Single sign-on did not pass the checks: try again, or ask the administrator',
    },
  },
  panel: {
    incidents: 'Incidents', teams: 'Forces', teamList: 'Teams', shelters: 'Shelters', closures: 'Road closures', log: 'Log', loading: 'Loading…', retry: 'Retry',
    noIncidents: 'No open incidents', noIncidentsHint: 'Press N to report, or right-click the map', noClosures: 'No road is closed', noLog: 'Nothing recorded yet', noTeams: 'No team on the register',
    standbyOf: 'standby', total: 'of', sites: '{n} sites', room: 'room for', people: '', unknownRoom: '{n} of unknown capacity', denied: 'You may not see this', all: 'All',
  },
  incident: {
    no: 'Incident {no}', since: 'Reported', place: 'Place', source: 'Source', occurred: 'Occurred', reportedBy: 'Taken by', note: 'Situation', team: 'Teams', noTeam: 'No team sent',
    eta: 'ETA', overdue: 'overdue', arrived: 'on scene', close: 'Close incident', ground: 'Ground for closing', groundHint: 'e.g. water has gone, road is open', closeSure: 'Close it',
    gone: 'This incident is closed or does not exist', back: 'Back', locate: 'Show on map', closeBlocked: 'Teams are still out',
  },
  recommend: {
    title: 'Recommended teams', loading: 'Computing routes…', none: 'No team can be sent', muster: 'muster', travel: 'drive', eta: 'total', absent: '{n} not listed, and why',
    computed: 'Computed {at}', closures: 'Avoids {n} closures', again: 'Compute again', order: 'Dispatch', look: 'Show route', reason: 'Reason', reasonHint: 'Not the first choice: say why', changed: 'Roads have changed, compute again',
    need: 'Say why not the first choice', optional: 'optional', ordered: '{team} has been ordered',
  },
  dispatch: {
    title: 'Teams sent', invalid: 'Route invalid', rerouted: 'Re-routed', unsigned: 'not acknowledged for {n} min', earliest: 'Earliest', releaseSure: 'Release it', releaseWarn: 'The team leaves this incident; this dispatch cannot be resumed', ordered: 'Ordered', next: 'Next', eta: 'Expected', released: 'Released', note: 'Note', by: 'Ordered by',
  },
  report: {
    title: 'Report an incident', kind: 'Kind', name: 'Incident', nameHint: 'One line: what and where', place: 'Place in words', placeHint: 'Crossing, building or number nearby', where: 'Point',
    pick: 'Click on the map, or find a place', picked: 'Set; click again to move it', grade: 'First grade', source: 'Source', note: 'Situation', noteHint: 'People, danger, measures taken', occurred: 'Occurred at', known: 'Known at', knownHint: 'the report clock runs from here; empty means now',
    submit: 'Submit', drop: 'Clear', kept: 'Unsent text was kept', done: 'Reported: {title}', needTitle: 'Name the incident', needKind: 'Choose a kind', needPoint: 'Click the place on the map', dropSure: 'Clear what you typed?', nowHint: 'empty means now',
  },
  closure: {
    title: 'Close a road', pick: 'Click a road on the map', road: 'Road', unnamed: 'Unnamed road', reason: 'Reason', presets: ['Flooded', 'Landslide', 'Accident', 'Fire cordon', 'Repair'], submit: 'Close this road',
    lift: 'Lift', liftReason: 'Ground for lifting', liftSure: 'Lift it', liftHint: 'e.g. water gone, police confirm', set: 'set {at}', done: 'Closed: {road}', lifted: 'Lifted: {road}', need: 'Say why', detour: 'Going round: {min} min and {m} m more', noDetour: 'No way round', notRoad: 'No road here, click on a road',
  },
  team: {
    members: '{n} people', fix: 'Phone of {post}, {age} ago', within: 'within {m} m', byRoute: 'no fresh fix: place estimated by the route', muster: 'Muster time', vehicle: 'Vehicle', hazards: 'Can take', since: 'since {at}', note: 'Note', set: 'Set to', state: 'State', busy: 'On a task; can change after release', code: 'Code', done: 'Set to {state}',
    needNote: 'Add a note', task: 'Task',
  },
  tool: { report: 'Report', closeRoad: 'Close road', roads: 'Roads', models: 'Models', layers: 'Layers', fit: 'Fit all', zoomIn: 'Zoom in', zoomOut: 'Zoom out', search: 'Find place, team, shelter', searchPoint: 'Find the place, or type lon, lat', none: 'Nothing found', lost: 'No server: places cannot be looked up now', place: 'Place', coordinates: 'Coordinates', outside: 'Outside this district (longitude first, then latitude)', north: 'North up' },
  layers: {
    title: 'Layers and legend', find: 'Find a layer', fresh: 'Updated', zoomHint: 'shows when zoomed in', close: 'Close',
    group: { base: 'Base map', situation: 'Situation', reference: 'Reference data' },
  },
  basemap: { title: 'Base map', own: 'Our own', down: 'The outside base map is down; our own is shown' },
  exportMap: { button: 'Export map', busy: 'Exporting…', hint: 'The view and its layers as one file that opens without a network', done: 'Exported: {name}' },
  map: {
    neighbour: 'Neighbouring authority', offline: 'Offline · local base map', nowebgl: 'This browser cannot draw the map (WebGL2 needed)', capacity: 'room for {n}', capacityUnknown: 'capacity unknown',
    loading: 'Drawing the base map…', failed: 'The base map does not open; the rest still works',
  },
  replay: { title: 'Replay', mark: 'Replay · not live', back: 'Back to the present', play: 'Play', pause: 'Pause', slider: 'Moment of the replay', speed: 'Speed', hash: 'Hash of the board', keep: 'Keep situation', kept: 'Situation kept' },
  strip: { latest: 'Latest', route: 'Route', routeOther: 'Other route', routeBad: 'Route invalid', closure: 'Closure', limit: 'Limit', shelter: 'Shelter', incident: 'Incident' },
  desk: { wall: 'Wall', accounts: 'Accounts', registers: 'Registers', shared: 'Shared by live and drills: changes take effect at once', denied: 'Your post may not use this page' },
  registers: registersEn,
  accounts: accountsEn,
  command: commandEn,
  alarms: alarmsEn,
  undo: { undo: 'Undo', done: 'Undone: {what}', reason: 'Taken back at once', misreport: 'Misreport, taken back at once', accepted: 'The team has acknowledged: release it instead' },
  palette: paletteEn,
  tour: tourEn,
  help: helpEn,
  desks: desksEn,
  shelter: shelterEn,
  review: reviewEn,
  losses: lossesEn,
  reports: reportsEn,
  documents: documentsEn,
  journal: journalEn,
  events: eventsEn,
  duty: dutyEn,
  allocation: allocationEn,
  field: fieldEn,
  imports: importsEn,
  roads: roadsEn,
  limit: limitEn,
  relief: reliefEn,
  models: modelsEn,
  suggestion: suggestionEn,
  gauge: gaugeEn,
  hazard: hazardEn,
  warning: warningEn,
  townRain: townRainEn,
  weather: weatherEn,
  scene: sceneEn,
  screen: screenEn,
  action: { cancel: 'Cancel', close: 'Close', ok: 'OK', save: 'Save' },
  lang: '中文',
  error: { title: 'Not done', again: 'Retry' },
  watermark: 'DRILL 演练',
}
