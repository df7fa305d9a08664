/** Closed roads: a barrier tape along the road and a bar sign on it. Not red: red belongs to warnings. */
import { colour, mapColour } from '@/style/tokens'
import { emptyGeojson } from '../sources'
import type { MapLayer } from '../types'

export const closures: MapLayer = {
  id: 'closures',
  sources: () => ({ closures: emptyGeojson(), 'closure-signs': emptyGeojson() }),
  layers: (ctx) => [
    {
      id: 'closures-bed', slot: 'bounds', type: 'line', layout: { 'line-cap': 'butt', 'line-join': 'round' },
      paint: { 'line-color': mapColour.halo, 'line-width': ['interpolate', ['linear'], ['zoom'], 11, ctx.px(6), 16, ctx.px(13)] },
    },
    {
      id: 'closures-tape', slot: 'bounds', type: 'line', layout: { 'line-cap': 'butt', 'line-join': 'round' },
      paint: {
        'line-color': colour.text, 'line-dasharray': [0.9, 0.7],
        'line-width': ['interpolate', ['linear'], ['zoom'], 11, ctx.px(4), 16, ctx.px(9)],
      },
    },
    {
      id: 'closures-sign', slot: 'marks', source: 'closure-signs', type: 'symbol',
      layout: { 'icon-image': 'closure', 'icon-allow-overlap': true, 'icon-size': ['interpolate', ['linear'], ['zoom'], 10, 0.7, 14, 1] },
    },
  ],
}
