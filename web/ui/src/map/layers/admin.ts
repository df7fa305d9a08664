/** Town-level units: their bounds, their names, and a hatch over what another authority governs. */
import { mapColour } from '@/style/tokens'
import { labelFont } from '../text'
import { emptyGeojson, vectorSource } from '../sources'
import type { MapLayer } from '../types'

const BEYOND = ['==', ['get', 'in_scope'], false] as never
const WITHIN = ['!=', ['get', 'in_scope'], false] as never

export const admin: MapLayer = {
  id: 'admin',
  sources: (ctx) => ({ admin: vectorSource(ctx), 'admin-names': emptyGeojson() }),
  layers: (ctx) => [
    { id: 'admin-land', slot: 'ground', type: 'fill', 'source-layer': 'admin', paint: { 'fill-color': mapColour.land, 'fill-antialias': false } },
    { id: 'admin-beyond', slot: 'bounds', type: 'fill', 'source-layer': 'admin', filter: BEYOND, paint: { 'fill-color': mapColour.neighbour, 'fill-opacity': 0.5 } },
    { id: 'admin-hatch', slot: 'bounds', type: 'fill', 'source-layer': 'admin', filter: BEYOND, paint: { 'fill-pattern': 'pattern:hatch', 'fill-opacity': 0.45 } },
    {
      id: 'admin-line', slot: 'bounds', type: 'line', 'source-layer': 'admin', layout: { 'line-join': 'round' },
      paint: {
        'line-color': mapColour.admin,
        'line-width': ['interpolate', ['linear'], ['zoom'], 9, ctx.px(0.8), 14, ctx.px(1.8)],
        'line-dasharray': [6, 3, 1.5, 3],
        'line-opacity': 0.65,
      },
    },
    {
      id: 'admin-name', slot: 'labels', source: 'admin-names', type: 'symbol', minzoom: 9.5, maxzoom: 15,
      layout: {
        'text-field': ctx.lang === 'en' ? ['coalesce', ['get', 'name_en'], ['get', 'name']] : ['get', 'name'],
        'text-font': labelFont,
        'text-size': ['interpolate', ['linear'], ['zoom'], 10, ctx.px(15), 13, ctx.px(20)],
        'text-letter-spacing': ctx.lang === 'en' ? 0 : 0.2,
        'text-max-width': 8,
        'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'],
        'text-radial-offset': 1.6,
        'text-justify': 'auto',
        'text-padding': ctx.px(4),
      },
      paint: {
        'text-color': ['case', WITHIN, mapColour.label, mapColour.labelQuiet],
        'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.6), 'text-opacity': 0.85,
      },
    },
    {
      id: 'admin-beyond-name', slot: 'labels', source: 'admin-names', type: 'symbol', filter: BEYOND, minzoom: 10.5, maxzoom: 14.5,
      layout: {
        'text-field': ctx.lang === 'en' ? 'Neighbouring authority' : '毗邻管辖区',
        'text-font': labelFont, 'text-size': ctx.px(14), 'text-offset': [0, 1.7], 'text-optional': true,
      },
      paint: { 'text-color': mapColour.labelQuiet, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.4) },
    },
  ],
}
