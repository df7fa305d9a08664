import type { SourceSpecification } from 'maplibre-gl'
import type { MapContext } from './types'

/** The tiles of a layer; beyond its largest zoom the last tiles are drawn larger. */
export function vectorSource(ctx: MapContext): SourceSpecification {
  const { min_zoom, max_zoom } = ctx.entry
  return { type: 'vector', tiles: [ctx.tiles], minzoom: min_zoom, maxzoom: Math.min(max_zoom, 16), bounds: ctx.district.bounds }
}

export function emptyGeojson(): SourceSpecification {
  return { type: 'geojson', data: { type: 'FeatureCollection', features: [] } }
}

/** By what a moving thing is known from one state to the next. */
export const ID = 'id'
/** Things that come and go and move, each known by its property `id`: only what changes is drawn anew. */
export function movingGeojson(): SourceSpecification {
  return { ...emptyGeojson(), promoteId: ID } as SourceSpecification
}
