import type { modelsZh, suggestionZh } from './models.zh'

export const modelsEn: typeof modelsZh = {
  title: 'Models', run: 'Compute', failed: 'Failed', cm: 'cm', assumptions: 'Assumptions and limits', hide: 'Hide on map', show: 'Show on map', away: 'Put away', play: 'Play', pause: 'Pause', slider: 'Moment', asOf: 'Done {at} · cells of {cell} m',
  state: { queued: 'Waiting', running: 'Computing', done: 'Done', failed: 'Failed', cancelled: 'Cancelled' },
  wind: { speed: 'Speed', from: 'Direction', ms: 'm/s', by: '{title} by {name} {code}: {value}, {min} min ago, {km} km away; type another if need be', none: '{title}: no gauge near by tells it; type it' },
  fire: {
    title: 'Fire spread', spot: 'Start', pick: 'Click the start, or a forest fire', wind: 'Wind (m/s)', from: 'From (degrees)', hours: 'Hours', members: 'Probability of {n} members', wrong: 'Wind 0 to 60, direction 0 to 360, at most 12 hours', head: 'Head {rate} m/min towards {to}°, flames {flame} m',
    area: 'ha', houses: 'Houses', persons: 'Persons, night', likely: 'Likelihood ≥ {share}: {ha} ha', escapes: 'Margin of crews', reached: '{n} things reached', after: 'in {n} min', legend: 'Modelled front', escape: 'Way out',
  },
  gas: {
    title: 'Chemical leak', spot: 'Leak', pick: 'Click the leak on the map', un: 'UN number', small: 'Small spill', large: 'Large spill', run: 'First zones', zones: 'Isolate {isolation} m around; protect {protective} m downwind (towards {to}°, half angle {half}°)', by: 'By: {document}',
    targets: '{n} protected targets inside, schools first', approaches: 'Ways in from upwind', legend: 'First zones (model)',
  },
  flood: {
    title: 'Flood model', back: 'Observed rain', hours: 'hours back', forecast: 'Expected rain (mm/h, a number for each 10 min)', presets: { hour30: '30 mm in an hour', hour60: '60 mm in an hour', hour90: '90 mm in an hour' }, seriesHint: '{min} minutes, {mm} mm in all', goOn: 'Go on from the last run’s water', wrongSeries: 'Numbers from 0 to 500, at most 144', wrongBack: 'From 0 to 24 hours',
    area: 'Flooded (ha)', roads: 'Roads (km)', persons: '{n} persons live where water exceeds {cm} cm', suggested: '{all} roads get too deep; the {n} that matter most are suggested', silent: 'Rain missing at: {codes}', underpasses: 'Underpasses beyond closing depth', deepest: 'Deepest roads', error: 'Mass balance error {e}',
  },
}
export const suggestionEn: typeof suggestionZh = {
  title: 'Suggested closures', hint: 'Internal prompt; a person decides', gauge: 'gauge', at: 'about {at}', back: 'Look and decide', confirm: 'Confirm', dismiss: 'Dismiss', confirmNote: 'Ground', confirmHint: 'Ground, e.g. police on site confirm', confirmSure: 'Close', dismissNote: 'Reason', dismissHint: 'Reason, e.g. no water on site', dismissSure: 'Dismiss',
}
