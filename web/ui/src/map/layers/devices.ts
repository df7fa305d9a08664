/** Phones of the field: a small mark with a ring for how fresh its place is (solid, dashed, hollow), post and age beside it when near. */
import { colour, mapColour } from '@/style/tokens'
import { labelFont } from '../text'
import { emptyGeojson } from '../sources'
import type { MapLayer } from '../types'

export const devices: MapLayer = {
  id: 'devices',
  sources: () => ({ devices: emptyGeojson() }),
  layers: (ctx) => [
    {
      id: 'devices-label', slot: 'live', type: 'symbol', minzoom: 13,
      layout: { 'text-field': ['get', 'label'], 'text-font': labelFont, 'text-size': ctx.px(13), 'text-variable-anchor': ['top', 'bottom', 'left', 'right'], 'text-radial-offset': 1.1, 'text-padding': 0 },
      paint: { 'text-color': colour.quiet, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.8) },
    },
    { id: 'devices-icon', slot: 'live', type: 'symbol', layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-padding': 0 } },
  ],
}
