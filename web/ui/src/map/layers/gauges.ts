/**
 * Gauges: the sign says the element, fill whether it is over its limit, ring how fresh; the value beside when near.
 * Those that say nothing, and those that stand behind another mark, are small.
 */
import { colour, mapColour } from '@/style/tokens'
import { labelFont } from '../text'
import { movingGeojson } from '../sources'
import type { MapLayer } from '../types'

export const gauges: MapLayer = {
  id: 'gauge_state',
  sources: () => ({ gauge_state: movingGeojson() }),
  layers: (ctx) => {
    const [large, small] = [['!', ['get', 'small']] as never, ['get', 'small'] as never]
    const size = ['interpolate', ['linear'], ['zoom'], 10, 0.62, 13, 1] as never
    return [
      { id: 'gauge_state-chosen', slot: 'marks', type: 'symbol', filter: ['==', ['get', 'chosen'], true], layout: { 'icon-image': 'halo', 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'icon-size': size } },
      {
        id: 'gauge_state-small', slot: 'marks', type: 'symbol', filter: small,
        layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'icon-padding': 0, 'icon-size': 0.36, 'symbol-sort-key': ['get', 'order'] },
      },
      {
        id: 'gauge_state-label', slot: 'marks', type: 'symbol', minzoom: 12.5, filter: large,
        layout: {
          'text-field': ['get', 'label'], 'text-font': labelFont, 'text-size': ctx.px(14), 'text-variable-anchor': ['left', 'right', 'bottom', 'top'],
          'text-radial-offset': 1.35, 'text-justify': 'auto', 'text-padding': 0,
        },
        paint: { 'text-color': colour.text, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(2) },
      },
      {
        id: 'gauge_state-icon', slot: 'marks', type: 'symbol', filter: large,
        layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-padding': 0, 'icon-size': size, 'symbol-sort-key': ['get', 'order'] },
      },
    ]
  },
}
