/** Models and what follows from them over HTTP. */
import type { Feature, FeatureCollection, Geometry, LineString, Polygon } from 'geojson'
import { answer, client } from './client'
import type { components } from './schema.gen'
import type { Closure, Run } from './types'

type Schemas = components['schemas']

export type FloodQuestion = Schemas['FloodIn']
export type RunProgress = Run & { progress: number | null }
/** What a run of the water model gives, besides its pictures. */
export interface FloodResult {
  frames_s: number[]
  /** Longitude, latitude of each picture's corners, clockwise from north-west. */
  corners: [[number, number], [number, number], [number, number], [number, number]]
  begins_at: string
  observed_s: number
  cell_m: number
  bands_cm: number[]
  close_cm: number
  water_ha: Record<string, number>
  roads_km: Record<string, number>
  persons: number
  underpasses: { code: string; name: string; peak_cm: number }[]
  suggested: number
  /** Of how many roads that get too deep. */
  too_deep: number
  mass_error: number
  silent: string[]
  assumptions: { zh: string; en: string }[]
}
export interface WetRoad {
  id: number
  name: string | null
  peak_cm: number
  /** Seconds from the start at which each depth (cm) is reached; null: never. */
  reached_s: Record<string, number | null>
}
export type WetRoads = FeatureCollection<LineString, WetRoad>
export type WetRoadFeature = Feature<LineString, WetRoad>

export type GasQuestion = Schemas['ChemicalIn']
export type Coming = Omit<Schemas['ComingOut'], 'route'> & { route: LineString | null }
/** First zones of a leak (初始警戒建议), who is in them, and from where to come. */
export type GasAnswer = Omit<Schemas['ChemicalOut'], 'isolation' | 'sector' | 'upwind' | 'approaches'> & { isolation: Polygon; sector: Polygon; upwind: Geometry; approaches: Coming[] }
export type Wind = Schemas['WindOut']
export type FireQuestion = Schemas['FireIn']
type Words = { zh: string; en: string }
/** What a run of the fire model gives, besides its shapes. */
export interface FireResult {
  begins_at: string
  hours: number
  cell_m: number
  ignition: { lon: number; lat: number; snapped_m: number }
  head: { rate_m_min: number; to_deg: number; flame_m: number; intensity_kw_m: number }
  isochrones: { minutes: number; area_ha: number; houses: number; persons_night: number; persons_day: number; households: number }[]
  reached: { register: string; kind: string; code: string; name: string; lon: number; lat: number; minutes: number; arrives_at: string }[]
  reached_total: number
  escapes: { team_id: string; name: string; to: string | null; margin_min: number | null; words: Words }[]
  road_heads: { lon: number; lat: number; perimeter_m: number; water: unknown[] }[]
  members: number
  probability_ha: Record<string, number> | null
  notes: Words[]
  assumptions: Words[]
}
export type FireShapes = FeatureCollection<Geometry, { kind: string; minutes?: number; share?: number; name?: string; margin_min?: number | null }>

const at = (world: string, run_id: string) => ({ params: { path: { world, run_id } } })

export const models = {
  askFlood: (world: string, body: FloodQuestion) =>
    answer<RunProgress>(client.POST('/api/worlds/{world}/runs/flood', { params: { path: { world } }, body })),
  wind: (world: string, lon: number, lat: number) => answer<Wind>(client.GET('/api/worlds/{world}/wind', { params: { path: { world }, query: { lon, lat } } })),
  gas: (world: string, body: GasQuestion, signal: AbortSignal) =>
    answer<GasAnswer>(client.POST('/api/worlds/{world}/chemical-zones', { params: { path: { world } }, body, signal })),
  askFire: (world: string, body: FireQuestion) =>
    answer<RunProgress>(client.POST('/api/worlds/{world}/runs/fire', { params: { path: { world } }, body })),
  shapes: (world: string, id: string) => answer<FireShapes>(client.GET('/api/worlds/{world}/runs/{run_id}/shapes', at(world, id))),
  run: (world: string, id: string) => answer<RunProgress>(client.GET('/api/worlds/{world}/runs/{run_id}', at(world, id))),
  cancel: (world: string, id: string) => answer<RunProgress>(client.POST('/api/worlds/{world}/runs/{run_id}/cancel', at(world, id))),
  putAway: (world: string, id: string) => answer<RunProgress>(client.POST('/api/worlds/{world}/runs/{run_id}/away', at(world, id))),
  wetRoads: (world: string, id: string) => answer<WetRoads>(client.GET('/api/worlds/{world}/runs/{run_id}/roads', at(world, id))),
  frame: (world: string, id: string, number: number) => `/api/worlds/${encodeURIComponent(world)}/runs/${id}/frames/${number}.png`,
  confirm: (world: string, suggestion_id: string, note: string) =>
    answer<Closure>(client.POST('/api/worlds/{world}/suggestions/{suggestion_id}/confirm', { params: { path: { world, suggestion_id } }, body: { note, closed_for: ['*'] } })),
  dismiss: (world: string, suggestion_id: string, note: string) =>
    answer<void>(client.POST('/api/worlds/{world}/suggestions/{suggestion_id}/dismiss', { params: { path: { world, suggestion_id } }, body: { note } })),
}
