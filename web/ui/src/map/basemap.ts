/** A base map from outside, between our own base map and everything that matters. */
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl'
import type { BaseMap } from '@/api/types'
import { baseMapLight } from '@/style/tokens'

/** How the sources of a base map are named, so that their failures are told from ours. */
export const BASEMAP = 'basemap-'

export function baseMapSources(map: BaseMap): Record<string, SourceSpecification> {
  return Object.fromEntries(
    map.sheets.map((sheet) => [
      BASEMAP + sheet,
      { type: 'raster', tileSize: 256, maxzoom: map.max_zoom, tiles: [`${location.origin}/api/basemap/${sheet}/{z}/{x}/{y}`] },
    ]),
  )
}

/** Dimmed: a bright sheet blinds a dark room, and what we draw on it must stand out. */
export function baseMapLayers(map: BaseMap): LayerSpecification[] {
  return map.sheets.map((sheet) => ({
    id: BASEMAP + sheet, type: 'raster', source: BASEMAP + sheet,
    paint: { 'raster-brightness-max': map.dark ? baseMapLight.image : baseMapLight.drawn, 'raster-saturation': -0.2, 'raster-fade-duration': 0 },
  }))
}
