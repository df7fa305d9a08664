/** The five-colour map of towns (五色图): its own scale, no warnings. A word in each town, and a pattern where one is asked for. */
import { fiveColour, mapColour } from '@/style/tokens'
import { emptyGeojson } from '../sources'
import type { MapLayer } from '../types'

const shades = Object.entries(fiveColour).flat()

export const towns: MapLayer = {
  id: 'town_colour',
  sources: () => ({ town_colour: emptyGeojson() }),
  layers: (ctx) => [
    { id: 'town_colour-fill', slot: 'surface', type: 'fill', paint: { 'fill-color': ['match', ['get', 'colour'], ...shades, fiveColour.unknown] as never, 'fill-opacity': 0.5 } },
    { id: 'town_colour-look', slot: 'surface', type: 'fill', filter: ['==', ['get', 'look'], 'five'], paint: { 'fill-pattern': ['concat', 'five:', ['get', 'colour']] as never, 'fill-opacity': 0.9 } },
    { id: 'town_colour-edge', slot: 'bounds', type: 'line', layout: { 'line-join': 'round' }, paint: { 'line-color': mapColour.halo, 'line-width': ctx.px(2) } },
  ],
}
