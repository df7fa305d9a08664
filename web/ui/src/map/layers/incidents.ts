/** Incidents: shape says kind, fill says state, ring says freshness; the number always stands beside. */
import { colour, mapColour } from '@/style/tokens'
import { labelFont } from '../text'
import { movingGeojson } from '../sources'
import type { MapLayer } from '../types'

export const incidents: MapLayer = {
  id: 'incidents',
  sources: () => ({ incidents: movingGeojson() }),
  layers: (ctx) => [
    {
      id: 'incidents-chosen', slot: 'live', type: 'circle', filter: ['==', ['get', 'chosen'], true],
      paint: {
        'circle-radius': ctx.px(32), 'circle-color': colour.accent, 'circle-opacity': 0.16,
        'circle-stroke-color': colour.accent, 'circle-stroke-width': ctx.px(2.5),
      },
    },
    // Under the icons, and so placed after them: a label gives way to an icon.
    {
      id: 'incidents-label', slot: 'top', type: 'symbol',
      layout: {
        'text-field': ['step', ['zoom'], ['get', 'short'], 12, ['get', 'label']],
        'text-font': labelFont, 'text-size': ctx.px(18), 'text-max-width': 12, 'text-justify': 'auto',
        'text-variable-anchor': ['left', 'right', 'bottom', 'top'], 'text-radial-offset': 1.85, 'text-padding': 0,
      },
      paint: { 'text-color': colour.text, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(2.2) },
    },
    {
      id: 'incidents-icon', slot: 'top', type: 'symbol',
      layout: {
        'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-ignore-placement': false, 'icon-padding': 0,
        'symbol-sort-key': ['get', 'order'],
      },
      paint: { 'icon-opacity': ['case', ['to-boolean', ['get', 'dim']], 0.45, 1] },
    },
  ],
}
