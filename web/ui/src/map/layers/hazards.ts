/**
 * Risk zones and key villages that are not safe: a character says how they stand; our own prompts hatched, official ones solid.
 * Where they would lie on each other the worst has the mark and a count; the others are small.
 */
import { colour, mapColour } from '@/style/tokens'
import { labelFont } from '../text'
import { emptyGeojson } from '../sources'
import type { MapLayer } from '../types'

export const hazards: MapLayer = {
  id: 'hazard_state',
  sources: () => ({ hazard_state: emptyGeojson() }),
  layers: (ctx) => {
    const [large, small] = [['!', ['get', 'small']] as never, ['get', 'small'] as never]
    const size = ['interpolate', ['linear'], ['zoom'], 10, 0.7, 13, 1] as never
    return [
      { id: 'hazard_state-chosen', slot: 'live', type: 'symbol', filter: ['==', ['get', 'chosen'], true], layout: { 'icon-image': 'halo', 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'icon-size': size } },
      {
        id: 'hazard_state-small', slot: 'live', type: 'symbol', filter: small,
        layout: { 'icon-image': ['get', 'dot'], 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'icon-padding': 0, 'icon-size': 0.4, 'symbol-sort-key': ['get', 'order'] },
      },
      {
        id: 'hazard_state-label', slot: 'live', type: 'symbol', minzoom: 13, filter: large,
        layout: {
          'text-field': ['concat', ['get', 'name'], '\n', ['get', 'label']], 'text-font': labelFont, 'text-size': ctx.px(14), 'text-variable-anchor': ['right', 'left', 'top', 'bottom'],
          'text-radial-offset': ['case', ['==', ['get', 'count'], ''], 1.4, 2.6], 'text-justify': 'auto', 'text-padding': 0, 'text-max-width': 14, 'symbol-sort-key': ['get', 'order'],
        },
        paint: { 'text-color': colour.text, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(2) },
      },
      {
        id: 'hazard_state-icon', slot: 'live', type: 'symbol', filter: large,
        layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-padding': 0, 'icon-size': size, 'symbol-sort-key': ['get', 'order'] },
      },
      {
        id: 'hazard_state-count', slot: 'live', type: 'symbol', filter: large,
        layout: {
          'text-field': ['get', 'count'], 'text-font': labelFont, 'text-size': ctx.px(15), 'text-anchor': 'left', 'text-offset': [0.75, -0.75],
          'text-allow-overlap': true, 'text-ignore-placement': true, 'text-padding': 0,
        },
        paint: { 'text-color': colour.text, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(2.2) },
      },
    ]
  },
}
