import type { modelsZh, suggestionZh } from './models.zh'

export const modelsEn: typeof modelsZh = {
  title: 'Models', run: 'Compute', failed: 'Failed', cm: 'cm', assumptions: 'Assumptions and limits', hide: 'Hide on map', show: 'Show on map', away: 'Put away', play: 'Play', pause: 'Pause', slider: 'Moment', asOf: 'Done {at} · cells of {cell} m',
  state: { queued: 'Waiting', running: 'Computing', done: 'Done', failed: 'Failed', cancelled: 'Cancelled' },
  wind: { gauge: 'by gauge', speed: 'Speed', from: 'Direction', ms: 'm/s', by: '{title} by {name} {code}: {value}, {min} min ago, {km} km away; type another if need be', none: '{title}: no gauge near by tells it; type it' },
  fire: {
    title: 'Fire spread', spot: 'Start', pick: 'Click the start, or a forest fire', wind: 'Wind (m/s)', from: 'From (degrees)', hours: 'Hours', members: 'Probability of {n} members', wrong: 'Wind 0 to 60, direction 0 to 360, at most 12 hours', head: 'Head {rate} m/min towards {to}°, flames {flame} m',
    area: 'ha', houses: 'Houses', persons: 'Persons, night', likely: 'Likelihood ≥ {share}: {ha} ha', escapes: 'Margin of crews', reached: '{n} things reached', after: 'in {n} min', legend: 'Modelled front', escape: 'Way out',
  },
  danger: {
    stored: 'Stored for {day}:', notStored: 'No class stored of today', store: 'Store as the class of the day',
    title: 'Fire danger', spot: 'Place', pick: 'Click a place on the map', hint: 'Weather left blank is the gauges’; what is typed holds at the place at noon', season: 'Plants', seasons: { auto: 'by month', dry: 'dry', turning: 'turning', green: 'green' }, yesterday: '{code} yesterday', chain: 'carried', carry: 'Take {day}', run: 'Compute here', map: { class: 'Map of classes', fwi: 'Map of FWI' },
    fields: { warm: 'Air °C', damp: 'Humidity %', wind: 'Wind m/s', rain: 'Rain mm', ago: 'Dry days', fell: 'Last rain mm', ffmc: 'FFMC', dmc: 'DMC', dc: 'DC' }, wrong: 'A value is out of range', class: 'Class {n}', unknown: 'Unknown', lacks: 'for want of: {names}', and: ', ', start: 'From {day}, start FFMC {ffmc}, DMC {dmc}, DC {dc}', skipped: '{n} of {all} days lack readings and have no index', cell: 'cells of {n} m',
  },
  release: {
    plume: 'Plume', heat: 'Radii of heat', rate: 'Rate (kg/s)', levels: 'Levels (mg/m³)', sky: 'Sun or night sky', skies: { auto: 'by the hour', strong: 'strong sun', moderate: 'moderate sun', slight: 'slight sun', cloudy: 'cloudy night', clear: 'clear night' }, urban: 'Urban', run: 'Compute', air: 'Wind {wind} m/s from {from}°, stability {stability}',
    level: 'Level', reach: 'Downwind', people: 'Persons, night / day', kind: 'Kind', pool: 'Pool fire', bleve: 'BLEVE', fuel: 'Fuel', fuels: { gasoline: 'Gasoline', kerosene: 'Kerosene', methanol: 'Methanol', ethanol: 'Ethanol', benzene: 'Benzene', acetone: 'Acetone', lpg: 'LPG', lng: 'LNG' }, width: 'Pool width (m)', mass: 'Mass of fuel (kg)', radius: 'Radius', ball: 'fireball {m} m wide for {s} s',
  },
  gas: {
    title: 'Chemical leak', spot: 'Leak', pick: 'Click the leak on the map', un: 'UN number', small: 'Small spill', large: 'Large spill', run: 'First zones', zones: 'Isolate {isolation} m around; protect {protective} m downwind (towards {to}°, half angle {half}°)', by: 'By: {document}',
    targets: '{n} protected targets inside, schools first', approaches: 'Ways in from upwind', legend: 'First zones (model)',
  },
  flood: {
    title: 'Flood model', back: 'Observed rain', hours: 'hours back', forecast: 'Expected rain (mm/h, a number for each 10 min)', presets: { hour30: '30 mm in an hour', hour60: '60 mm in an hour', hour90: '90 mm in an hour' }, seriesHint: '{min} minutes, {mm} mm in all', goOn: 'Go on from the last run’s water', wrongSeries: 'Numbers from 0 to 500, at most 144', wrongBack: 'From 0 to 24 hours',
    area: 'Flooded (ha)', roads: 'Roads (km)', persons: '{n} persons live where water exceeds {cm} cm', buildings: 'Buildings (at walls)', suggested: '{all} roads get too deep; the {n} that matter most are suggested', silent: 'Rain missing at: {codes}', underpasses: 'Underpasses beyond closing depth', deepest: 'Deepest roads', error: 'Mass balance error {e}',
    ways: { run: 'In time', screening: 'Quick look' },
    screening: { rain: 'Rain', rise: 'Rivers rise', mm: 'Rain (mm)', hours: 'In hours', m: 'Rise (m)', run: 'Look', mark: 'Screening', rained: '{mm} mm / {h} h', risen: 'All waters rise by {m} m' },
    told: {
      inflows: 'Inflow (release, river)', levels: 'Levels of lakes, rivers', walls: 'Walls (sandbags, boards)', add: { inflows: 'Inflow', levels: 'Level', walls: 'Wall' }, pick: { inflows: 'Click land or stream below', levels: 'Click the lake or river' }, unit: { inflows: 'Flow (m³/s)', levels: 'Level (m, terrain datum)' },
      minute: 'From now (min)', line: 'Line', dropLine: 'Remove line', row: 'Or of a register', drop: 'Remove', draw: 'Click it point by point', points: '{n} points', undo: 'Undo point', done: 'Done', by: 'Height or crest', height_m: 'Above ground (m)', crest_m: 'Crest level (m)', wrong: '{what}: number {n} is not complete, or no number',
    },
  },
}
export const suggestionEn: typeof suggestionZh = {
  title: 'Suggested closures', hint: 'Internal prompt; a person decides', gauge: 'gauge', at: 'about {at}', back: 'Look and decide', confirm: 'Confirm', dismiss: 'Dismiss', confirmNote: 'Ground', confirmHint: 'Ground, e.g. police on site confirm', confirmSure: 'Close', dismissNote: 'Reason', dismissHint: 'Reason, e.g. no water on site', dismissSure: 'Dismiss',
}
