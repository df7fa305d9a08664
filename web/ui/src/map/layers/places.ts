/** Names of places; the larger the earlier. */
import { mapColour } from '@/style/tokens'
import { labelFont } from '../text'
import { vectorSource } from '../sources'
import type { MapLayer } from '../types'

const LARGE = ['match', ['get', 'kind'], ['city', 'town', 'suburb', 'district'], true, false]
const MIDDLE = ['match', ['get', 'kind'], ['village', 'neighbourhood', 'quarter', 'hamlet', 'peak', 'station', 'attraction', 'lake'], true, false]

export const places: MapLayer = {
  id: 'places',
  sources: (ctx) => ({ places: vectorSource(ctx) }),
  layers: (ctx) => [
    {
      id: 'places-name', slot: 'labels', type: 'symbol', 'source-layer': 'places', minzoom: 10,
      filter: ['step', ['zoom'], LARGE, 12.2, ['any', LARGE, MIDDLE], 14.2, true] as never,
      layout: {
        'text-field': ['get', 'name'], 'text-font': labelFont,
        'text-size': ['interpolate', ['linear'], ['zoom'],
          11, ['case', LARGE, ctx.px(16), ctx.px(13)], 15, ['case', LARGE, ctx.px(20), MIDDLE, ctx.px(16), ctx.px(14)]] as never,
        'text-max-width': 7, 'text-padding': ctx.px(10),
        'symbol-sort-key': ['case', LARGE, 0, MIDDLE, 1, 2] as never,
      },
      paint: {
        'text-color': ['case', LARGE, mapColour.label, mapColour.labelQuiet] as never,
        'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.6),
      },
    },
  ],
}
