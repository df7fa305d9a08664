/** The board as GeoJSON: what the live layers of the map draw. */
import type { Feature, FeatureCollection, Geometry, LineString, Position } from 'geojson'
import type { Closure, Dispatch, Incident, Offer, Suggestion, Team } from '@/api/types'
import type { Freshness } from '@/stores/board'
import { hasDeparted } from '@/lib/eta'
import { isFull } from '@/lib/limits'
import { hourOf } from '@/lib/time'
import type { Ring } from './icons/draw'
import { shortName, shortNo } from './text'

export const ringOf = (state: Freshness): Ring => (state === 'fresh' ? 'fresh' : state === 'stale' ? 'stale' : 'unknown')
export const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features })
const feature = (geometry: Geometry, properties: Record<string, unknown>): Feature => ({ type: 'Feature', geometry, properties })
const at = (lon: number, lat: number): Geometry => ({ type: 'Point', coordinates: [lon, lat] })

const GRADE_ORDER = { general: 1, larger: 2, major: 3, extraordinary: 4 }

export function incidentFeatures(rows: Incident[], ring: Ring, chosen: string, dim = false): FeatureCollection {
  return collection(
    rows.map((row) =>
      feature(at(row.lon, row.lat), {
        id: row.id,
        icon: `incident:${row.kind}:${row.state}:${ring}`,
        short: shortNo(row.no),
        label: `${shortNo(row.no)} ${row.title}`,
        order: row.grade ? GRADE_ORDER[row.grade] : 0,
        chosen: row.id === chosen,
        dim: row.sensitive && dim,
      }),
    ),
  )
}

const TEAM_ORDER: Record<Team['state'], number> = {
  unavailable: 0, resting: 1, standby: 2, mustering: 3, on_scene: 4, working: 5, en_route: 6,
}

/** Teams at a scene stand where their incident stands: each takes a place in a ring round it, in order of arrival. */
export function sceneSlots(teams: Team[], dispatches: Dispatch[]): Map<string, number> {
  const arrived = new Map(dispatches.map((row) => [row.team_id, row.arrived_at ?? '']))
  const there = teams
    .filter((row) => row.state === 'on_scene' || row.state === 'working')
    .sort((a, b) => (arrived.get(a.id) ?? '').localeCompare(arrived.get(b.id) ?? '') || a.code.localeCompare(b.code))
  const taken = new Map<string, number>()
  const slots = new Map<string, number>()
  for (const row of there) {
    const where = `${row.lon},${row.lat}`
    const slot = (taken.get(where) ?? 0) + 1
    taken.set(where, slot)
    slots.set(row.id, slot)
  }
  return slots
}

/** A `slot` of 0 stands on its own point, 1 and up in the ring. `eta`: when a team will have gone its way, as far as that is open. */
export function teamFeatures(rows: Team[], ring: Ring, chosen: string, dispatches: Dispatch[] = []): FeatureCollection {
  const slots = sceneSlots(rows, dispatches)
  const etas = new Map(dispatches.filter((row) => hasDeparted(row) && row.route_valid).map((row) => [row.team_id, hourOf(row.eta_at)]))
  return collection(
    rows.map((row) =>
      feature(at(row.lon, row.lat), {
        id: row.id,
        icon: `team:${row.kind}:${row.state}:${ring}`,
        label: shortName(row.name),
        order: TEAM_ORDER[row.state],
        slot: slots.get(row.id) ?? 0,
        ...(etas.has(row.id) ? { eta: etas.get(row.id) } : {}),
        chosen: row.id === chosen,
      }),
    ),
  )
}

/** The middle vertex of the longest part: where the sign stands. */
export function signPoint(parts: Position[][]): Position | null {
  const longest = [...parts].sort((a, b) => b.length - a.length)[0]
  if (!longest?.length) return null
  const i = Math.floor((longest.length - 1) / 2)
  const [a, b] = [longest[i], longest[i + 1] ?? longest[i]]
  if (!a || !b) return null
  return longest.length % 2 ? a : [((a[0] ?? 0) + (b[0] ?? 0)) / 2, ((a[1] ?? 0) + (b[1] ?? 0)) / 2]
}

export function closureFeatures(rows: Closure[]): { lines: FeatureCollection; signs: FeatureCollection } {
  const lines: Feature[] = []
  const signs: Feature[] = []
  for (const row of rows) {
    lines.push(feature(row.geom, { id: row.id, full: isFull(row) }))
    const sign = signPoint(row.geom.coordinates)
    if (sign) signs.push(feature({ type: 'Point', coordinates: sign }, { id: row.id, full: isFull(row) }))
  }
  return { lines: collection(lines), signs: collection(signs) }
}

/** Suggested closures, with the depth at each: the deepest is named first. */
export function suggestionFeatures(rows: Suggestion[]): { lines: FeatureCollection; signs: FeatureCollection } {
  const lines = rows.map((row) => feature(row.geom, { id: row.id }))
  const signs = rows.flatMap((row) => {
    const sign = signPoint(row.geom.coordinates)
    return sign ? [feature({ type: 'Point', coordinates: sign }, { id: row.id, label: `${Math.round(row.depth_m * 100)} cm`, order: -row.depth_m })] : []
  })
  return { lines: collection(lines), signs: collection(signs) }
}

/** Routes of teams still on their way, and of the offers under consideration. */
export function routeFeatures(dispatches: Dispatch[], offers: Offer[], offered: string): FeatureCollection {
  const under = ['ordered', 'acknowledged', 'departed']
  const open = dispatches
    .filter((row): row is Dispatch & { route: LineString } => row.route !== null && under.includes(row.state))
    .map((row) => feature(row.route, { id: row.id, role: row.route_valid ? 'open' : 'invalid' }))
  const drawn = offers.filter((offer): offer is Offer & { route: LineString } => offer.route !== null)
  const rest = offered ? drawn.filter((offer) => offer.team_id !== offered).slice(0, 4) : []
  const mine = drawn.filter((offer) => offer.team_id === offered)
  return collection([
    ...rest.map((offer) => feature(offer.route, { id: offer.team_id, role: 'other' })),
    ...open,
    ...mine.map((offer) => feature(offer.route, { id: offer.team_id, role: 'offer' })),
  ])
}
