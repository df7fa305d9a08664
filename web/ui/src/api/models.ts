/** Models and what follows from them over HTTP. */
import type { Feature, FeatureCollection, Geometry, LineString, Polygon } from 'geojson'
import { answer, client } from './client'
import type { components } from './schema.gen'
import type { Closure, Run } from './types'

type Schemas = components['schemas']

export type FloodQuestion = Schemas['FloodIn']
type Corners = [[number, number], [number, number], [number, number], [number, number]]
/** What lies in water, by its depth in cm; who lives deeper than the first. */
export interface Touched {
  bands_cm: number[]
  water_ha: Record<string, number>
  roads_km: Record<string, number>
  /** Missing from runs before they were counted. */
  buildings?: Record<string, number>
  persons: number
}
/** Rain (mm, in so many hours) or a rise of all rivers (m). */
export interface ScreeningQuestion {
  rain_mm?: number
  hours?: number
  rise_m?: number
}
/** A quick look at where water would stand at last (参考 筛查). */
export type Screening = Omit<Schemas['ScreeningOut'], 'corners' | 'assumptions'> & { corners: Corners; assumptions: { zh: string; en: string }[] }
export type RunProgress = Run & { progress: number | null }
/** What a run of the water model gives, besides its pictures. */
export interface FloodResult extends Touched {
  frames_s: number[]
  /** Longitude, latitude of each picture's corners, clockwise from north-west. */
  corners: Corners
  begins_at: string
  observed_s: number
  /** The present in the run's time; missing from older runs, where it is `observed_s`. */
  now_s?: number
  cell_m: number
  close_cm: number
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
export type DangerQuestion = Schemas['DayIn']
/** The danger of the day at a place, day by day; and over the towns, as a picture. */
export type DangerAnswer = Schemas['PlaceDangerOut']
export type DangerMap = Omit<Schemas['DangerMapOut'], 'corners'> & { corners: FloodResult['corners'] }
/** The class of a day as it was stored. */
export type DangerDay = Schemas['DangerDayOut']
export type PlumeQuestion = Schemas['PlumeIn']
export type PlumeAnswer = Omit<Schemas['PlumeOut'], 'levels'> & { levels: (Omit<Schemas['LevelOut'], 'area'> & { area: Geometry })[] }
export type HeatQuestion = Schemas['HeatIn']
export type HeatAnswer = Omit<Schemas['HeatOut'], 'radii'> & { radii: (Omit<Schemas['RadiusOut'], 'area'> & { area: Polygon })[] }
export type ViewQuestion = Schemas['ViewIn']
/** The ground in view from a point; a line of sight with its profile. */
export type ViewAnswer = Omit<Schemas['ViewOut'], 'seen'> & { seen: Geometry }
export type SightQuestion = Schemas['SightIn']
export type SightAnswer = Schemas['SightOut']
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
  danger: (world: string, body: DangerQuestion, signal: AbortSignal) =>
    answer<DangerAnswer>(client.POST('/api/worlds/{world}/fire-danger/place', { params: { path: { world } }, body, signal })),
  dangerMap: (world: string, body: DangerQuestion & { of: 'class' | 'fwi'; cell_m: number }, signal: AbortSignal) =>
    answer<DangerMap>(client.POST('/api/worlds/{world}/fire-danger/map', { params: { path: { world } }, body, signal })),
  storeDanger: (world: string, body: DangerQuestion) => answer<DangerDay>(client.POST('/api/worlds/{world}/fire-danger/days', { params: { path: { world } }, body })),
  storedDangers: (world: string) => answer<DangerDay[]>(client.GET('/api/worlds/{world}/fire-danger/days', { params: { path: { world } } })),
  plume: (world: string, body: PlumeQuestion, signal: AbortSignal) =>
    answer<PlumeAnswer>(client.POST('/api/worlds/{world}/gas-plume', { params: { path: { world } }, body, signal })),
  heat: (world: string, body: HeatQuestion, signal: AbortSignal) =>
    answer<HeatAnswer>(client.POST('/api/worlds/{world}/heat-radii', { params: { path: { world } }, body, signal })),
  viewshed: (world: string, body: ViewQuestion, signal: AbortSignal) =>
    answer<ViewAnswer>(client.POST('/api/worlds/{world}/viewshed', { params: { path: { world } }, body, signal })),
  lineOfSight: (world: string, body: SightQuestion, signal: AbortSignal) =>
    answer<SightAnswer>(client.POST('/api/worlds/{world}/line-of-sight', { params: { path: { world } }, body, signal })),
  wind: (world: string, lon: number, lat: number) => answer<Wind>(client.GET('/api/worlds/{world}/wind', { params: { path: { world }, query: { lon, lat } } })),
  screening: (world: string, query: ScreeningQuestion, signal: AbortSignal) =>
    answer<Screening>(client.GET('/api/worlds/{world}/flood-screening', { params: { path: { world }, query }, signal })),
  screened: (world: string, query: ScreeningQuestion) =>
    `/api/worlds/${encodeURIComponent(world)}/flood-screening.png?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`,
  gas: (world: string, body: GasQuestion, signal: AbortSignal) =>
    answer<GasAnswer>(client.POST('/api/worlds/{world}/chemical-zones', { params: { path: { world } }, body, signal })),
  askFire: (world: string, body: FireQuestion) =>
    answer<RunProgress>(client.POST('/api/worlds/{world}/runs/fire', { params: { path: { world } }, body })),
  shapes: (world: string, id: string) => answer<FireShapes>(client.GET('/api/worlds/{world}/runs/{run_id}/shapes', at(world, id))),
  run: (world: string, id: string) => answer<RunProgress>(client.GET('/api/worlds/{world}/runs/{run_id}', at(world, id))),
  cancel: (world: string, id: string) => answer<RunProgress>(client.POST('/api/worlds/{world}/runs/{run_id}/cancel', at(world, id))),
  putAway: (world: string, id: string) => answer<RunProgress>(client.POST('/api/worlds/{world}/runs/{run_id}/away', at(world, id))),
  wetRoads: (world: string, id: string) => answer<WetRoads>(client.GET('/api/worlds/{world}/runs/{run_id}/roads', at(world, id))),
  water: (world: string, id: string) => `/api/worlds/${encodeURIComponent(world)}/runs/${id}/water`,
  frame: (world: string, id: string, number: number) => `/api/worlds/${encodeURIComponent(world)}/runs/${id}/frames/${number}.png`,
  confirm: (world: string, suggestion_id: string, note: string) =>
    answer<Closure>(client.POST('/api/worlds/{world}/suggestions/{suggestion_id}/confirm', { params: { path: { world, suggestion_id } }, body: { note, closed_for: ['*'] } })),
  dismiss: (world: string, suggestion_id: string, note: string) =>
    answer<void>(client.POST('/api/worlds/{world}/suggestions/{suggestion_id}/dismiss', { params: { path: { world, suggestion_id } }, body: { note } })),
}
