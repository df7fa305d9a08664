/** The nouns of the API, as the page uses them. */
import type { LineString, MultiLineString } from 'geojson'

export type IncidentKind = 'flood' | 'city_fire' | 'forest_fire' | 'geohazard' | 'other'
export type Grade = 'general' | 'larger' | 'major' | 'extraordinary'
export type IncidentState = 'reported' | 'responding' | 'closed'
export type ReportSource = 'phone' | 'field' | 'camera' | 'sensor' | 'upper' | 'other'
export type TeamState = 'standby' | 'mustering' | 'en_route' | 'on_scene' | 'working' | 'resting' | 'unavailable'
export type DispatchState = 'ordered' | 'acknowledged' | 'departed' | 'arrived' | 'working' | 'released'
export type WorldKind = 'live' | 'drill'

export interface Account {
  username: string
  name: string
  post: string
  role: string
}
export interface Session {
  account: Account
  permissions: string[]
  csrf: string
}
export interface District {
  name: string
  title: string
  metric_crs: string
  bounds: [number, number, number, number]
  is_demo: boolean
  version: string | number
}
export interface LegendEntry {
  label_zh: string
  label_en: string
  color: string | null
  shape: string | null
  pattern: string | null
}
export interface LayerEntry {
  id: string
  title_zh: string
  title_en: string
  group: string
  kind: 'vector' | 'raster' | 'live'
  min_zoom: number
  max_zoom: number
  attributes: string[]
  legend: LegendEntry[]
  freshness_zh: string
  freshness_en: string
  default_on: boolean
}
export interface Clock {
  sim0: string
  real0: string
  speed: number
}
export interface World {
  name: string
  kind: WorldKind
  title: string
  clock: Clock
}
export interface Incident {
  id: string
  no: number | string
  kind: IncidentKind
  title: string
  place: string
  lon: number
  lat: number
  grade: Grade | null
  state: IncidentState
  note: string
  source: ReportSource
  occurred_at: string | null
  reported_at: string
  closed_at: string | null
  reported_by: string
}
export interface Team {
  id: string
  code: string
  name: string
  kind: string
  hazards: IncidentKind[]
  members: number
  muster_s: number
  vehicle: string
  lon: number
  lat: number
  state: TeamState
  state_since: string | null
  state_note: string
  dispatch_id: string | null
  is_demo: boolean
}
export interface Dispatch {
  id: string
  incident_id: string
  team_id: string
  state: DispatchState
  reason: string
  muster_s: number
  travel_s: number
  distance_m: number
  eta_at: string
  route: LineString | null
  route_valid: boolean
  route_note: string
  closures: string[]
  network_version: string | number
  ordered_at: string
  acknowledged_at: string | null
  departed_at: string | null
  arrived_at: string | null
  working_at: string | null
  released_at: string | null
  ordered_by: string
}
export interface Closure {
  id: string
  road_ids: number[]
  road_name: string
  reason: string
  geom: MultiLineString
  set_at: string
  set_by: string
}
export interface Tables {
  incidents: Record<string, Incident>
  teams: Record<string, Team>
  dispatches: Record<string, Dispatch>
  closures: Record<string, Closure>
}
export type TableName = keyof Tables
export interface Board extends Tables {
  seq: number
  at: string
  real_at?: string
  world: World
}
export interface JournalEntry {
  seq: number
  at: string
  recorded_at: string
  kind: string
  actor: string
  zh: string
  en: string
}
export interface Patch extends JournalEntry {
  put?: Partial<Tables>
  drop?: Partial<Record<TableName, string[]>>
}
export interface Beat {
  real_at: string
  seq: number
}
export interface Offer {
  rank: number
  team_id: string
  muster_s: number
  travel_s: number
  eta_s: number
  distance_m: number
  route: LineString
  reasons: { zh: string; en: string }[]
}
export interface Recommendations {
  incident_id: string
  computed_at: string
  network_version: string | number
  closures: string[]
  offers: Offer[]
  absent: { team_id: string; code: string; zh: string; en: string }[]
}
export interface Shelter {
  id: string
  code: string
  name: string
  capacity: number | null
  space: string
  lon: number
  lat: number
  is_demo: boolean
}
export interface Place {
  id: string | number
  name: string
  kind: string
  lon: number
  lat: number
}
export interface IncidentReport {
  id: string
  kind: IncidentKind
  title: string
  lon: number
  lat: number
  place: string
  grade: Grade | null
  note: string
  source: ReportSource
  occurred_at: string | null
}
