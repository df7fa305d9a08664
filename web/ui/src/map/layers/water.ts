/** Lakes, rivers and streams, with their names. */
import { mapColour } from '@/style/tokens'
import { labelFont } from '../text'
import { emptyGeojson, vectorSource } from '../sources'
import type { DrawnLayer, MapContext, MapLayer } from '../types'

const AREA = ['==', ['geometry-type'], 'Polygon'] as never
const LINE = ['==', ['geometry-type'], 'LineString'] as never

function areaName(ctx: MapContext, far: boolean): Extract<DrawnLayer, { type: 'symbol' }> {
  return {
    id: '', slot: 'labels', type: 'symbol',
    layout: {
      'text-field': ['get', 'name'], 'text-font': labelFont, 'text-letter-spacing': 0.25, 'text-padding': ctx.px(far ? 4 : 30),
      'text-max-width': 8, ...(far ? { 'text-variable-anchor': ['center', 'top', 'bottom'], 'text-radial-offset': 1 } : {}),
      'text-size': ['interpolate', ['linear'], ['zoom'], 11, ctx.px(15), 15, ctx.px(20)],
    },
    paint: { 'text-color': mapColour.waterLabel, 'text-halo-color': mapColour.water, 'text-halo-width': ctx.px(1.2) },
  }
}

export const water: MapLayer = {
  id: 'water',
  sources: (ctx) => ({ water: vectorSource(ctx), 'water-names': emptyGeojson() }),
  layers: (ctx) => [
    { id: 'water-area', slot: 'surface', type: 'fill', 'source-layer': 'water', filter: AREA, paint: { 'fill-color': mapColour.water } },
    {
      id: 'water-shore', slot: 'surface', type: 'line', 'source-layer': 'water', filter: AREA, minzoom: 11,
      paint: { 'line-color': mapColour.waterLine, 'line-width': ctx.px(1) },
    },
    {
      id: 'water-line', slot: 'surface', type: 'line', 'source-layer': 'water', filter: LINE,
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': mapColour.waterLine,
        'line-width': [
          'interpolate', ['exponential', 1.5], ['zoom'],
          10, ['match', ['get', 'kind'], ['river', 'canal'], ctx.px(1.4), ctx.px(0.6)],
          16, ['match', ['get', 'kind'], ['river', 'canal'], ctx.px(9), ctx.px(3)],
        ],
      },
    },
    {
      id: 'water-line-name', slot: 'labels', type: 'symbol', 'source-layer': 'water', filter: LINE, minzoom: 12.5,
      layout: {
        'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': labelFont, 'text-size': ctx.px(14),
        'text-letter-spacing': 0.2, 'symbol-spacing': ctx.px(420), 'text-max-angle': 35,
      },
      paint: { 'text-color': mapColour.waterLabel, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.4) },
    },
    { ...areaName(ctx, true), id: 'water-area-name', source: 'water-names', minzoom: 10, maxzoom: 13 },
    { ...areaName(ctx, false), id: 'water-area-name-near', 'source-layer': 'water', filter: AREA, minzoom: 13 },
  ],
}
