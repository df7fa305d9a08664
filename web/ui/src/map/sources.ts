import type { SourceSpecification } from 'maplibre-gl'
import type { MapContext } from './types'

/** The tiles of a layer; beyond its largest zoom the last tiles are drawn larger. */
export function vectorSource(ctx: MapContext): SourceSpecification {
  const { min_zoom, max_zoom } = ctx.entry
  return { type: 'vector', tiles: [ctx.tiles], minzoom: min_zoom, maxzoom: Math.min(max_zoom, 16), bounds: ctx.district.bounds }
}

/**
 * The same tiles, stopped at a zoom where a whole area lies in one tile or few: an area cut by tile edges
 * would be named once in each of them.
 */
export function labelSource(ctx: MapContext, zoom = oneTileZoom(ctx.district.bounds)): SourceSpecification {
  const maxzoom = Math.max(ctx.entry.min_zoom, zoom)
  return { type: 'vector', tiles: [ctx.tiles], minzoom: Math.min(ctx.entry.min_zoom, maxzoom), maxzoom, bounds: ctx.district.bounds }
}

/** The largest zoom at which one tile holds the whole box. */
export function oneTileZoom([w, s, e, n]: [number, number, number, number]): number {
  const x = (lon: number) => (lon + 180) / 360
  const y = (lat: number) => 0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)
  for (let zoom = 14; zoom > 0; zoom -= 1) {
    const cell = (at: number) => Math.floor(at * 2 ** zoom)
    if (cell(x(w)) === cell(x(e)) && cell(y(s)) === cell(y(n))) return zoom
  }
  return 0
}

export function emptyGeojson(): SourceSpecification {
  return { type: 'geojson', data: { type: 'FeatureCollection', features: [] } }
}
