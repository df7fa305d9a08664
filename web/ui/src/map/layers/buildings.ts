/** Buildings, lighter with height; in the 2.5-D scene they stand, coloured by use. */
import { mapColour } from '@/style/tokens'
import { vectorSource } from '../sources'
import type { MapLayer } from '../types'

const HEIGHT = ['coalesce', ['get', 'height_m'], 9] as never
/** What a building is used for, as its colour: dwellings, trade, industry, public. */
const USES = {
  home: ['house', 'apartments', 'residential', 'detached', 'terrace', 'dormitory'],
  trade: ['retail', 'commercial', 'office', 'hotel', 'supermarket'],
  works: ['industrial', 'warehouse', 'factory', 'shed', 'farm', 'garage'],
  public: ['school', 'hospital', 'university', 'kindergarten', 'civic', 'public', 'government', 'fire_station', 'train_station'],
} as const
function use(end: 'low' | 'high'): unknown {
  const cases = Object.entries(USES).flatMap(([name, kinds]) => [[...kinds], mapColour.solid[name as keyof typeof USES][end]])
  return ['match', ['get', 'kind'], ...cases, mapColour.solid.home[end]]
}

export const buildings: MapLayer = {
  id: 'buildings',
  sources: (ctx) => ({ buildings: vectorSource(ctx) }),
  layers: (ctx) => [
    {
      id: 'buildings-fill', slot: 'surface', view: 'flat', type: 'fill', 'source-layer': 'buildings', minzoom: 13,
      paint: {
        'fill-color': ['interpolate', ['linear'], ['coalesce', ['get', 'height_m'], 9], 0, mapColour.buildingLow, 60, mapColour.buildingHigh],
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 13, 0.5, 14.5, 1],
      },
    },
    {
      id: 'buildings-edge', slot: 'surface', view: 'flat', type: 'line', 'source-layer': 'buildings', minzoom: 15,
      paint: { 'line-color': mapColour.casing, 'line-width': ctx.px(0.8) },
    },
    {
      id: 'buildings-solid', slot: 'solid', view: 'relief', type: 'fill-extrusion', 'source-layer': 'buildings', minzoom: 13,
      paint: {
        'fill-extrusion-color': ['interpolate', ['linear'], HEIGHT, 0, use('low'), 60, use('high')] as never,
        'fill-extrusion-height': HEIGHT,
        'fill-extrusion-opacity': 0.94,
      },
    },
  ],
}
