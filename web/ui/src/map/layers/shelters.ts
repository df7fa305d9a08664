/** Shelters: a roof, hollow where nobody knows how many it holds. */
import { mapColour } from '@/style/tokens'
import { labelFont } from '../text'
import { vectorSource } from '../sources'
import type { MapLayer } from '../types'

export const shelters: MapLayer = {
  id: 'shelters',
  sources: (ctx) => ({ shelters: vectorSource(ctx) }),
  layers: (ctx) => [
    {
      id: 'shelters-icon', slot: 'marks', type: 'symbol', 'source-layer': 'shelters',
      layout: {
        'icon-image': ['case', ['==', ['typeof', ['get', 'capacity']], 'number'], 'shelter', 'shelter:hollow'], 'icon-allow-overlap': true,
        'icon-size': ['interpolate', ['linear'], ['zoom'], 10, 0.6, 14, 1],
        'text-field': ['step', ['zoom'], '', 14, ['get', 'name']],
        'text-font': labelFont, 'text-size': ctx.px(14), 'text-optional': true,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 1.1, 'text-justify': 'auto', 'text-max-width': 9,
      },
      paint: { 'text-color': mapColour.shelter, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.5) },
    },
  ],
}
