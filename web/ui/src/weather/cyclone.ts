/** A typhoon's track as the map draws it, and as it is told. */
import type { Feature, FeatureCollection, Geometry, Position } from 'geojson'
import type { Cyclone, TrackPoint } from '@/api/weather'
import { timeOf } from '@/lib/time'

export const GRADES = ['TD', 'TS', 'STS', 'TY', 'STY', 'SuperTY'] as const
export type Grade = (typeof GRADES)[number]
/** The service's lines east of which a typhoon is said to be 24 and 48 hours off: lon, lat. */
const WATCH: [string, Position[]][] = [
  ['24', [[105, 0], [113, 4.5], [119, 11], [119, 18], [127, 22], [127, 34]]],
  ['48', [[105, 0], [120, 0], [132, 15], [132, 34]]],
]

export function cycloneFeatures(rows: Cyclone[], now: number, forces: (force: number) => string, watch: (hours: string) => string): FeatureCollection {
  const features: Feature[] = []
  const put = (kind: string, geometry: Geometry, more: Record<string, unknown> = {}) => features.push({ type: 'Feature', geometry, properties: { kind, ...more } })
  for (const row of rows) {
    const last = row.observed.at(-1)
    if (!last) continue
    const line = (points: TrackPoint[]): Geometry => ({ type: 'LineString', coordinates: points.map(({ lon, lat }) => [lon, lat]) })
    for (const shape of row.shapes) put(shape.kind, shape.geometry as unknown as Geometry, { force: shape.force, label: shape.force ? forces(shape.force) : '' })
    if (row.observed.length > 1) put('track', line(row.observed))
    if (row.forecast.length) put('ahead', line([last, ...row.forecast]))
    for (const [points, mark] of [[row.observed, 'seen'], [row.forecast, 'ahead']] as const)
      for (const point of points)
        put('point', { type: 'Point', coordinates: [point.lon, point.lat] }, {
          id: row.id, icon: `cyclone:${point.grade ?? 'TD'}:${point === last ? 'now' : mark}`, order: point === last ? 0 : 1, now: point === last,
          label: point === last ? `${row.name_zh || row.number}\n${timeOf(point.at, now)}` : timeOf(point.at, now),
        })
  }
  if (rows.length) for (const [label, line] of WATCH) put('watch', { type: 'LineString', coordinates: line }, { label: watch(label) })
  return { type: 'FeatureCollection', features }
}

/** Every place of the tracks: what has to be in view. */
export const reach = (rows: Cyclone[]): Position[] =>
  rows.flatMap((row) => [...row.observed, ...row.forecast].flatMap(({ lon, lat, radius_km: km }) => [-1, 1].map((side) => [lon + (side * (km ?? 0)) / 100, lat + (side * (km ?? 0)) / 111])))

export interface TrackDraft {
  number: string
  agency: string
  name: string
  at: string
  lon: string
  lat: string
  wind: string
  pressure: string
  toward: string
  speed: string
  /** Radii of each force, km: one figure, or four by quadrant (NE SE SW NW). */
  r7: string
  r10: string
  r12: string
  /** One line a point: lead hours, lon, lat, wind, uncertainty in km. */
  forecast: string
}
export const freshTrack = (): TrackDraft => ({ number: '', agency: '', name: '', at: '', lon: '', lat: '', wind: '', pressure: '', toward: '', speed: '', r7: '', r10: '', r12: '', forecast: '' })

const number = (said: string) => (said.trim() === '' ? null : Number(said))
const list = (said: string) => said.trim().split(/[\s,，、/]+/).filter(Boolean).map(Number)

/** The order, or the field that is missing or wrong. */
export function trackOrder(draft: TrackDraft, at: string) {
  for (const name of ['number', 'agency'] as const) if (!draft[name].trim()) return name
  const lon = number(draft.lon)
  const lat = number(draft.lat)
  if (lon === null || !Number.isFinite(lon)) return 'lon' as const
  if (lat === null || !Number.isFinite(lat)) return 'lat' as const
  const figures = { wind_ms: number(draft.wind), pressure_hpa: number(draft.pressure), moving_deg: number(draft.toward), moving_kmh: number(draft.speed) }
  const fields = { wind_ms: 'wind', pressure_hpa: 'pressure', moving_deg: 'toward', moving_kmh: 'speed' } as const
  for (const [name, field] of Object.entries(fields)) if (Number.isNaN(figures[name as keyof typeof figures])) return field
  const radii: Record<string, [number, number, number, number]> = {}
  for (const force of ['7', '10', '12'] as const) {
    const said = list(draft[`r${force}`])
    if (!said.length) continue
    if (said.some(Number.isNaN) || ![1, 4].includes(said.length)) return `r${force}` as const
    radii[force] = (said.length === 1 ? Array(4).fill(said[0]) : said) as [number, number, number, number]
  }
  const forecast = []
  for (const row of draft.forecast.split('\n').filter((one) => one.trim())) {
    const [lead_h, x, y, wind_ms, radius_km] = list(row)
    if (lead_h === undefined || x === undefined || y === undefined || list(row).some(Number.isNaN)) return 'forecast' as const
    forecast.push({ lead_h, lon: x, lat: y, wind_ms: wind_ms ?? null, radius_km: radius_km ?? null, radii: {} })
  }
  return { number: draft.number.trim(), agency: draft.agency.trim(), name_zh: draft.name.trim(), name_en: '', is_demo: false, fix: { at, lon, lat, ...figures, radii }, forecast }
}
