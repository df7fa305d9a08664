/** Routes: of teams on their way, and of the team one thinks of sending. Arrows say where to. */
import { colour, mapColour } from '@/style/tokens'
import { emptyGeojson } from '../sources'
import type { MapLayer } from '../types'

const OFFER = ['==', ['get', 'role'], 'offer'] as never
const OTHER = ['==', ['get', 'role'], 'other'] as never
const BAD = ['==', ['get', 'role'], 'invalid'] as never
const GOOD = ['match', ['get', 'role'], ['open', 'offer'], true, false] as never

export const routes: MapLayer = {
  id: 'routes',
  sources: () => ({ routes: emptyGeojson() }),
  layers: (ctx) => {
    const round = { 'line-cap': 'round', 'line-join': 'round' } as const
    const wide = (factor: number) =>
      ['interpolate', ['linear'], ['zoom'], 10, ctx.px(3 * factor), 16, ctx.px(8 * factor)] as never
    return [
      { id: 'routes-other', slot: 'live', type: 'line', filter: OTHER, layout: round, paint: { 'line-color': mapColour.routeOther, 'line-width': wide(0.4) } },
      { id: 'routes-bed', slot: 'live', type: 'line', filter: GOOD, layout: round, paint: { 'line-color': mapColour.halo, 'line-width': wide(1.8), 'line-opacity': 0.8 } },
      { id: 'routes-line', slot: 'live', type: 'line', filter: GOOD, layout: round, paint: { 'line-color': colour.accent, 'line-width': wide(1), 'line-opacity': ['case', OFFER, 1, 0.75] as never } },
      { id: 'routes-invalid', slot: 'live', type: 'line', filter: BAD, layout: round, paint: { 'line-color': colour.text, 'line-width': wide(0.8), 'line-dasharray': [0.2, 2.2] } },
      {
        id: 'routes-arrow', slot: 'live', type: 'symbol', filter: GOOD,
        layout: { 'symbol-placement': 'line', 'symbol-spacing': ctx.px(90), 'icon-image': 'arrow', 'icon-allow-overlap': true, 'icon-rotation-alignment': 'map', 'icon-size': ['interpolate', ['linear'], ['zoom'], 10, 0.6, 15, 1] },
      },
    ]
  },
}
