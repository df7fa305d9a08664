/** Buildings, lighter with height. */
import { mapColour } from '@/style/tokens'
import { vectorSource } from '../sources'
import type { MapLayer } from '../types'

export const buildings: MapLayer = {
  id: 'buildings',
  sources: (ctx) => ({ buildings: vectorSource(ctx) }),
  layers: (ctx) => [
    {
      id: 'buildings-fill', slot: 'surface', type: 'fill', 'source-layer': 'buildings', minzoom: 13,
      paint: {
        'fill-color': ['interpolate', ['linear'], ['coalesce', ['get', 'height_m'], 9], 0, mapColour.buildingLow, 60, mapColour.buildingHigh],
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 13, 0.5, 14.5, 1],
      },
    },
    {
      id: 'buildings-edge', slot: 'surface', type: 'line', 'source-layer': 'buildings', minzoom: 15,
      paint: { 'line-color': mapColour.casing, 'line-width': ctx.px(0.8) },
    },
  ],
}
