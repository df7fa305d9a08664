/** The shape of the ground: shaded relief, and heights as dark tints. */
import type { SourceSpecification } from 'maplibre-gl'
import { mapColour } from '@/style/tokens'
import { GROUND } from '../relief'
import type { MapContext, MapLayer } from '../types'

function picture(ctx: MapContext): SourceSpecification {
  return {
    type: 'raster', tiles: [ctx.tiles], tileSize: 256, bounds: ctx.district.bounds,
    minzoom: ctx.entry.min_zoom, maxzoom: Math.min(ctx.entry.max_zoom, 15),
  }
}

export const hillshade: MapLayer = {
  id: 'hillshade',
  sources: (ctx) => ({ hillshade: picture(ctx) }),
  layers: () => [
    { id: 'hillshade-image', slot: 'relief', type: 'raster', paint: { 'raster-opacity': 0.28, 'raster-fade-duration': 0 } },
  ],
}

export const contours: MapLayer = {
  id: 'contours',
  sources: (ctx) => ({ contours: picture(ctx) }),
  layers: () => [
    {
      id: 'contours-image', slot: 'relief', type: 'raster', minzoom: 11,
      paint: { 'raster-opacity': ['interpolate', ['linear'], ['zoom'], 11, 0.25, 13, 0.5], 'raster-fade-duration': 0 },
    },
  ],
}

function heights(ctx: MapContext): SourceSpecification {
  return {
    type: 'raster-dem', encoding: 'terrarium', tiles: [ctx.tiles], tileSize: 256, bounds: ctx.district.bounds,
    minzoom: ctx.entry.min_zoom, maxzoom: Math.min(ctx.entry.max_zoom, 15),
  }
}

export const terrain: MapLayer = {
  id: 'terrain',
  // Tints and the ground of the 2.5-D scene ask for other zooms: a source each, of the same tiles.
  sources: (ctx) => ({ terrain: heights(ctx), [GROUND]: heights(ctx) }),
  layers: () => [
    {
      id: 'terrain-tint', slot: 'relief', type: 'color-relief',
      paint: {
        'color-relief-opacity': 0.8,
        'color-relief-color': [
          'interpolate', ['linear'], ['elevation'],
          0, mapColour.land, 20, '#122331', 80, '#1B2F33', 160, '#283C38', 260, '#3A4740', 400, '#525548',
        ],
      },
    },
  ],
}
