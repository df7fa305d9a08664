/** Targets to protect (schools, hospitals, …): small and quiet until one is near. */
import { mapColour } from '@/style/tokens'
import { labelFont } from '../text'
import { vectorSource } from '../sources'
import type { MapLayer } from '../types'

export const targets: MapLayer = {
  id: 'protected_targets',
  sources: (ctx) => ({ protected_targets: vectorSource(ctx) }),
  layers: (ctx) => [
    {
      id: 'protected_targets-icon', slot: 'marks', type: 'symbol', 'source-layer': 'protected_targets', minzoom: 12,
      layout: {
        'icon-image': ['concat', 'target:', ['get', 'kind']], 'icon-padding': ctx.px(2),
        'icon-size': ['interpolate', ['linear'], ['zoom'], 12, 0.7, 15, 1],
        'text-field': ['step', ['zoom'], '', 15, ['get', 'name']], 'text-font': labelFont, 'text-size': ctx.px(13),
        'text-optional': true, 'text-anchor': 'top', 'text-offset': [0, 0.9], 'text-max-width': 8,
      },
      paint: { 'text-color': mapColour.target, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.5) },
    },
  ],
}
