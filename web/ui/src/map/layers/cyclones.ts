/** Typhoon tracks: points shaped and shaded by grade, wind circles, the hatched cone of the forecast. No colour of a warning. */
import { colour, mapColour } from '@/style/tokens'
import { emptyGeojson } from '../sources'
import { labelFont } from '../text'
import type { MapLayer } from '../types'

/** Far out only: over the district they would cover everything. */
const far = (most: number) => ['interpolate', ['linear'], ['zoom'], 8, most, 9.5, 0] as never
const is = (kind: string) => ['==', ['get', 'kind'], kind] as never

export const cyclones: MapLayer = {
  id: 'cyclones',
  sources: () => ({ cyclones: emptyGeojson() }),
  layers: (ctx) => [
    { id: 'cyclones-cone', slot: 'surface', type: 'fill', filter: is('cone'), paint: { 'fill-pattern': `pattern:${mapColour.cone}`, 'fill-opacity': far(1) } },
    { id: 'cyclones-cone-edge', slot: 'bounds', type: 'line', filter: is('cone'), paint: { 'line-color': mapColour.cone, 'line-width': ctx.px(1.5), 'line-dasharray': [4, 3] } },
    { id: 'cyclones-circle', slot: 'surface', type: 'fill', filter: is('circle'), paint: { 'fill-color': mapColour.gale, 'fill-opacity': far(0.12) } },
    { id: 'cyclones-circle-edge', slot: 'bounds', type: 'line', filter: is('circle'), paint: { 'line-color': mapColour.gale, 'line-width': ['match', ['get', 'force'], 7, ctx.px(1.5), 10, ctx.px(2.25), ctx.px(3)] } },
    { id: 'cyclones-watch', slot: 'bounds', type: 'line', filter: is('watch'), paint: { 'line-color': colour.faint, 'line-width': ctx.px(1), 'line-dasharray': [6, 4] } },
    { id: 'cyclones-track', slot: 'live', type: 'line', filter: is('track'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour.text, 'line-width': ctx.px(2) } },
    { id: 'cyclones-ahead', slot: 'live', type: 'line', filter: is('ahead'), layout: { 'line-join': 'round' }, paint: { 'line-color': colour.text, 'line-width': ctx.px(2), 'line-dasharray': [3, 2.5] } },
    { id: 'cyclones-name', slot: 'labels', type: 'symbol', filter: ['in', ['get', 'kind'], ['literal', ['circle', 'watch']]] as never, layout: { 'symbol-placement': 'line', 'symbol-spacing': ctx.px(420), 'text-field': ['get', 'label'], 'text-font': labelFont, 'text-size': ctx.px(13) }, paint: { 'text-color': ['match', ['get', 'kind'], 'watch', colour.faint, mapColour.gale], 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(2) } },
    {
      id: 'cyclones-point', slot: 'top', type: 'symbol', filter: is('point'),
      layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'symbol-sort-key': ['-', 0, ['get', 'order']] },
    },
    {
      id: 'cyclones-time', slot: 'top', type: 'symbol', filter: is('point'),
      layout: { 'text-field': ['get', 'label'], 'text-font': labelFont, 'text-size': ['case', ['get', 'now'], ctx.px(16), ctx.px(13)] as never, 'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 1.1, 'text-justify': 'auto', 'symbol-sort-key': ['get', 'order'] },
      paint: { 'text-color': colour.text, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(2) },
    },
  ],
}

/** A picture between corners, which the page puts on the map: here only so that it has a switch. */
export const rainField: MapLayer = { id: 'rain_field', sources: () => ({}), layers: () => [] }
