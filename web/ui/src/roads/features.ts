/** Answers of the roads as GeoJSON: what their map layers draw. Pure. */
import type { Feature, FeatureCollection, Geometry, MultiPolygon, Polygon, Position } from 'geojson'
import type { Areas, Coverage, Dependence, Dependences, Island, Routes } from '@/api/ways'
import { BAND_OPACITY } from '@/map/layers/analysis'
import { middleOf } from '@/map/names'
import { cellState, limitOf } from './coverage'
import type { End } from './route'

const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features })
const feature = (geometry: Geometry, properties: Record<string, unknown>): Feature => ({ type: 'Feature', geometry, properties })
const point = (lon: number, lat: number): Geometry => ({ type: 'Point', coordinates: [lon, lat] })

/** The chosen way comes last, above the others; legs on foot are told apart. */
export function wayFeatures(answer: Routes | null, chosen: number, ends: { end: End | null; label: string }[], isFoot: (profile: string) => boolean): FeatureCollection {
  const all = (answer?.ways ?? []).map((way, k) => way.legs.map((leg) => feature(leg.route, { chosen: k === chosen, foot: isFoot(leg.profile) })))
  const order = [...all.filter((_, k) => k !== chosen), ...all.filter((_, k) => k === chosen)].flat()
  const marks = ends.flatMap(({ end, label }) => (end ? [feature(point(end.lon, end.lat), { label })] : []))
  return collection([...order, ...marks])
}

/** The widest band first, so that the nearer ones lie upon it. */
export function areaFeatures(answer: Areas | null, source: End | null): FeatureCollection {
  const bands = [...(answer?.areas ?? [])].sort((a, b) => b.minutes - a.minutes).map((one) => feature(one.area, { kind: 'band', minutes: one.minutes }))
  return collection([...bands, ...(source ? [feature(point(source.lon, source.lat), { kind: 'source' })] : [])])
}

/** The outer rings of an area, the longest first. */
export function outlines(area: Polygon | MultiPolygon): Position[][] {
  const rings = area.type === 'Polygon' ? [area.coordinates[0]] : area.coordinates.map((part) => part[0])
  return rings.filter((ring): ring is Position[] => Boolean(ring?.length)).sort((a, b) => b.length - a.length)
}

export function islandFeatures(islands: Island[], label: (island: Island) => string): FeatureCollection {
  return collection(
    islands.flatMap((one) => {
      const ring = outlines(one.area)[0]
      return [feature(one.area, {}), ...(ring ? [feature({ type: 'Point', coordinates: middleOf(ring) }, { label: label(one) })] : [])]
    }),
  )
}

export function singleFeatures(answer: Dependences | null, chosen: number, label: (village: Dependence) => string): FeatureCollection {
  const villages = answer?.villages ?? []
  const one = villages[chosen]
  return collection([
    ...(one ? [feature(one.roads, {})] : []),
    ...villages.map((village, k) => feature(point(village.lon, village.lat), { label: label(village), chosen: k === chosen })),
  ])
}

export function cellFeatures(answer: Coverage | null): FeatureCollection {
  if (!answer?.cells) return collection([])
  const limit = limitOf(answer)
  return collection(answer.cells.map((cell) => feature(point(cell[0], cell[1]), { state: cellState(cell, limit), persons: cell[2] })))
}

export function shelterFeatures(answer: Coverage | null): FeatureCollection {
  const rows = answer?.shelters ?? []
  return collection(
    rows.map((row) => feature(point(row.lon, row.lat), { id: row.code, counts: row.eligible, label: row.eligible ? `${row.name} ${row.assigned}/${row.capacity ?? '–'}` : row.name })),
  )
}

/** How opaque each band looks, the nearest first: bands lie upon each other. */
export const bandOpacities = (count: number) => Array.from({ length: count }, (_, k) => 1 - (1 - BAND_OPACITY) ** (count - k))
