import type { limitZh, roadsZh } from './roads.zh'

export const limitEn: typeof limitZh = {
  full: 'Closed', stops: 'Not for: {n}', depth: 'Water {n} cm', slower: '{n} × slower',
  scope: 'For whom', scopes: { all: 'Everybody', some: 'Some, or a limit' }, whom: 'Not for', whomHint: 'any number, or none', allVehicles: 'All vehicles',
  depthField: 'Depth of water (cm)', depthHint: 'empty: none', slowerField: 'Times slower', slowerHint: 'empty: not slower', submit: 'Limit this road', done: 'Limited: {road}',
  need: 'Name vehicles, a depth of water or times slower', wrongDepth: 'A depth is 1 to 1000 cm', wrongSlower: 'Times slower are 1 to 100',
}
export const roadsEn: typeof roadsZh = {
  title: 'Roads', walkers: 'Walkers', persons: '{n} persons', clear: 'Clear the map', clearOne: 'Clear {what}', zoom: 'Show on map', run: 'Compute', again: 'Run again', busy: 'Computing…', legend: 'Legend of road questions',
  tabs: { route: 'Route', areas: 'Service area', islands: 'Islands', singles: 'Single way', coverage: 'Coverage' },
  asOf: 'Data {at}', network: 'network {v}', closures: '{n} closures and limits', model: 'model', modelHint: 'Computed by a model, for reference', stale: 'Out of date: roads have changed', point: 'Point {at}',
  profile: 'By', minutes: 'min', km2: 'km²', atPoint: 'Click the map', teams: 'All teams on standby', repick: 'Change',
  route: {
    from: 'Start', to: 'End', pickFrom: 'Click the start on the map', pickTo: 'Click the end on the map', hint: 'An incident, a team or a place found will do', swap: 'Swap start and end', then: 'Then', thenNone: 'not on foot', way: 'Way {n}', steps: 'Directions', offRoad: '{side} is {m} m off the road', drawn: 'Chosen way', other: 'Other ways',
  },
  areas: {
    from: 'From here', to: 'To here', direction: 'Direction', source: 'Start', sourceTo: 'Destination', bands: 'Limits (minutes)', wrong: 'One to six numbers up to 240, such as 5, 10, 15, 30', within: 'within {n} min', area: 'Area', people: 'Persons', cumulative: 'each includes the nearer ones', pick: 'Click a place on the map',
  },
  islands: {
    none: 'No islands now', noneHint: 'Computed anew when closures change', count: '{n} islands', total: '{n} persons', stranded: '{n} more persons live on closed roads with no open road near', unnamed: 'no village on the register', village: '{name} {n}', roads: '{n} road segments cut off', news: 'Cut off: {what}', label: 'Island', ground: 'cut-off ground', ask: 'Look for islands', show: 'Draw on map',
  },
  singles: { none: 'No key village depends on a single road', hint: 'cut off if any segment fails; most segments first', roads: '{n} segments', village: 'Village', chain: 'Single segments' },
  coverage: {
    demand: 'Demand', demands: { residents: 'All residents, by night', residents_day: 'All residents, by day', villages: 'Persons in key villages', zones: 'Persons in hazard zones' },
    hazard: 'Hazard', hazards: { geohazard: 'Geohazard', flood: 'Flood', typhoon: 'Typhoon', fire: 'Fire', earthquake: 'Earthquake' }, overnight: 'Overnight stay', byDay: 'no overnight stay',
    limit_m: 'Walking limit (m)', indoor_m2: 'Indoor m² each', outdoor_m2: 'Outdoor m² each', inForce: 'in force {n}', inForceUnknown: 'as in force', wrong: 'Check the figures',
    distance: 'By distance', capacity: 'By room', ofAll: '{who}: {n}', unmet: '{n} persons without room', circle: 'Circles would claim {n} persons ({share} %); by road it is {m}', cost: 'Walking in all {n} person-km',
    counted: 'Shelters that count: {n}', notCounted: 'Shelters that do not count: {n}', use: 'Used / room', leaveOut: 'Leave out', takeIn: 'Take in', unit: 'Unit', unitUnmet: 'No room', unitFar: 'Too far', unitAll: 'Demand', unitNone: 'outside all units',
    byUnit: 'Without room, by unit', parameters: 'Parameters used', given: 'given here', more: '{n} more', less: 'Fewer', noCapacity: 'capacity unknown', clickHint: 'Click a shelter on the map to leave it out or take it in',
    states: { housed: 'has room', full: 'within reach, no room left', far: 'too far' }, shelterMark: 'Shelter, used / room', shelterOut: 'Shelter that does not count', noneUnmet: 'Everybody has room',
    keys: { 'shelter.per_capita[indoor, overnight]': 'Indoor, overnight, each', 'shelter.per_capita[outdoor, emergency]': 'Outdoor, emergency, each', 'shelter.service_distance[town]': 'Service distance, town', 'shelter.appraisal_years': 'Years an appraisal holds' },
  },
}
