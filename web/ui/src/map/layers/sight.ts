/** What is seen from a point: the area hatched, as a model's answer is; the line of sight, dashed where it is cut off. */
import { colour, mapColour } from '@/style/tokens'
import { emptyGeojson } from '../sources'
import type { MapLayer } from '../types'

export const sight: MapLayer = {
  id: 'sight',
  sources: () => ({ sight: emptyGeojson() }),
  layers: (ctx) => {
    const is = (kind: string) => ['==', ['get', 'kind'], kind] as never
    return [
      { id: 'sight-seen', slot: 'bounds', type: 'fill', filter: is('seen'), paint: { 'fill-pattern': `pattern:${mapColour.seen}`, 'fill-opacity': 0.4 } },
      { id: 'sight-edge', slot: 'bounds', type: 'line', filter: is('seen'), paint: { 'line-color': mapColour.seen, 'line-width': ctx.px(1), 'line-opacity': 0.6 } },
      { id: 'sight-line', slot: 'live', type: 'line', filter: is('line'), layout: { 'line-cap': 'round' }, paint: { 'line-color': mapColour.seen, 'line-width': ctx.px(3) } },
      { id: 'sight-lost', slot: 'live', type: 'line', filter: is('lost'), paint: { 'line-color': mapColour.seen, 'line-width': ctx.px(2), 'line-dasharray': [2, 2], 'line-opacity': 0.7 } },
      {
        id: 'sight-spot', slot: 'top', type: 'circle', filter: ['in', ['get', 'kind'], ['literal', ['eye', 'target', 'obstacle']]] as never,
        paint: { 'circle-radius': ['match', ['get', 'kind'], 'obstacle', ctx.px(5), ctx.px(7)], 'circle-color': ['match', ['get', 'kind'], 'eye', mapColour.seen, colour.ground], 'circle-stroke-color': ['match', ['get', 'kind'], 'eye', colour.ground, mapColour.seen], 'circle-stroke-width': ctx.px(3) },
      },
    ]
  },
}
