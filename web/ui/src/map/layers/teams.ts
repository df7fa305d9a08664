/** Teams: a square with their kind's character, filled by state. */
import { colour, mapColour } from '@/style/tokens'
import { labelFont } from '../text'
import { emptyGeojson } from '../sources'
import type { MapLayer } from '../types'

export const teams: MapLayer = {
  id: 'teams',
  sources: () => ({ teams: emptyGeojson() }),
  layers: (ctx) => [
    {
      id: 'teams-chosen', slot: 'live', type: 'circle', filter: ['==', ['get', 'chosen'], true],
      paint: {
        'circle-radius': ctx.px(26), 'circle-color': colour.accent, 'circle-opacity': 0.16,
        'circle-stroke-color': colour.accent, 'circle-stroke-width': ctx.px(2),
      },
    },
    // Under the icons, and so placed after them: a label gives way to an icon.
    {
      id: 'teams-label', slot: 'live', type: 'symbol', minzoom: 12.4,
      layout: {
        'text-field': ['get', 'label'], 'text-font': labelFont, 'text-size': ctx.px(15), 'text-max-width': 12, 'text-justify': 'auto',
        'text-variable-anchor': ['left', 'right', 'bottom', 'top'], 'text-radial-offset': 1.6, 'text-padding': 0,
      },
      paint: { 'text-color': colour.quiet, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.8) },
    },
    {
      id: 'teams-icon', slot: 'live', type: 'symbol',
      layout: {
        'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-padding': 0, 'symbol-sort-key': ['get', 'order'],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 10, 0.72, 13, 1],
      },
    },
  ],
}
