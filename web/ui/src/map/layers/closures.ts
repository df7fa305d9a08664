/** Closed roads: a barrier tape along the road and a bar sign on it; mere limits in dots with a hollow sign. Not red: red belongs to warnings. */
import { colour, mapColour } from '@/style/tokens'
import { emptyGeojson } from '../sources'
import type { MapLayer } from '../types'

const FULL = ['==', ['get', 'full'], true] as never

export const closures: MapLayer = {
  id: 'closures',
  sources: () => ({ closures: emptyGeojson(), 'closure-signs': emptyGeojson() }),
  layers: (ctx) => [
    {
      id: 'closures-bed', slot: 'bounds', type: 'line', layout: { 'line-cap': 'butt', 'line-join': 'round' },
      paint: { 'line-color': mapColour.halo, 'line-width': ['interpolate', ['linear'], ['zoom'], 11, ctx.px(6), 16, ctx.px(13)] },
    },
    {
      id: 'closures-tape', slot: 'bounds', type: 'line', filter: FULL, layout: { 'line-cap': 'butt', 'line-join': 'round' },
      paint: {
        'line-color': colour.text, 'line-dasharray': [0.9, 0.7],
        'line-width': ['interpolate', ['linear'], ['zoom'], 11, ctx.px(4), 16, ctx.px(9)],
      },
    },
    {
      id: 'closures-limit', slot: 'bounds', type: 'line', filter: ['!', FULL] as never, layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': colour.text, 'line-dasharray': [0.1, 2.4],
        'line-width': ['interpolate', ['linear'], ['zoom'], 11, ctx.px(2.5), 16, ctx.px(5)],
      },
    },
    {
      id: 'closures-sign', slot: 'marks', source: 'closure-signs', type: 'symbol',
      layout: { 'icon-image': ['case', FULL, 'closure', 'closure:limit'] as never, 'icon-allow-overlap': true, 'icon-size': ['interpolate', ['linear'], ['zoom'], 10, 0.7, 14, 1] },
    },
  ],
}
