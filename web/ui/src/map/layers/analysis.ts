/** Answers of the roads: ways, service areas, islands, single ways, coverage. Models' answers, so none in a warning's colour. */
import { colour, mapColour } from '@/style/tokens'
import { emptyGeojson } from '../sources'
import { labelFont } from '../text'
import type { DrawnLayer, MapContext, MapLayer } from '../types'

const POINT = ['==', ['geometry-type'], 'Point'] as never
const LINE = ['==', ['geometry-type'], 'LineString'] as never
const is = (name: string, value: unknown) => ['==', ['get', name], value] as never
const round = { 'line-cap': 'round', 'line-join': 'round' } as const
/** How much one band covers; bands lie upon each other, so nearer ground is denser. */
export const BAND_OPACITY = 0.2

function label(ctx: MapContext, more: Extract<DrawnLayer, { type: 'symbol' }>['layout']): Pick<Extract<DrawnLayer, { type: 'symbol' }>, 'layout' | 'paint'> {
  return {
    layout: { 'text-field': ['get', 'label'], 'text-font': labelFont, 'text-size': ctx.px(15), 'text-max-width': 10, ...more },
    paint: { 'text-color': colour.text, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.8) },
  }
}

export const ways: MapLayer = {
  id: 'ways',
  sources: () => ({ ways: emptyGeojson() }),
  layers: (ctx) => {
    const wide = (factor: number) => ['interpolate', ['linear'], ['zoom'], 10, ctx.px(3 * factor), 16, ctx.px(8 * factor)] as never
    const chosen = ['all', LINE, is('chosen', true)] as never
    return [
      { id: 'ways-other', slot: 'live', type: 'line', filter: ['all', LINE, is('chosen', false)] as never, layout: round, paint: { 'line-color': mapColour.routeOther, 'line-width': wide(0.6), 'line-opacity': 0.8 } },
      { id: 'ways-bed', slot: 'live', type: 'line', filter: chosen, layout: round, paint: { 'line-color': mapColour.halo, 'line-width': wide(1.8), 'line-opacity': 0.8 } },
      { id: 'ways-line', slot: 'live', type: 'line', filter: ['all', LINE, is('chosen', true), is('foot', false)] as never, layout: round, paint: { 'line-color': colour.accent, 'line-width': wide(1) } },
      { id: 'ways-foot', slot: 'live', type: 'line', filter: ['all', LINE, is('chosen', true), is('foot', true)] as never, layout: round, paint: { 'line-color': colour.accent, 'line-width': wide(0.8), 'line-dasharray': [0.2, 1.8] } },
      { id: 'ways-arrow', slot: 'live', type: 'symbol', filter: chosen, layout: { 'symbol-placement': 'line', 'symbol-spacing': ctx.px(90), 'icon-image': 'arrow', 'icon-allow-overlap': true, 'icon-rotation-alignment': 'map' } },
      { id: 'ways-end', slot: 'top', type: 'circle', filter: POINT, paint: { 'circle-radius': ctx.px(7), 'circle-color': colour.ground, 'circle-stroke-color': colour.accent, 'circle-stroke-width': ctx.px(3.5) } },
      { id: 'ways-end-name', slot: 'top', type: 'symbol', filter: POINT, ...label(ctx, { 'text-variable-anchor': ['bottom', 'top', 'left', 'right'], 'text-radial-offset': 0.9, 'text-justify': 'auto' }) },
    ]
  },
}

export const serviceAreas: MapLayer = {
  id: 'service_areas',
  sources: () => ({ service_areas: emptyGeojson() }),
  layers: (ctx) => [
    { id: 'service_areas-fill', slot: 'surface', type: 'fill', filter: is('kind', 'band'), paint: { 'fill-color': mapColour.reach, 'fill-opacity': BAND_OPACITY } },
    { id: 'service_areas-edge', slot: 'surface', type: 'line', filter: is('kind', 'band'), layout: { 'line-join': 'round' }, paint: { 'line-color': mapColour.reach, 'line-width': ctx.px(1), 'line-opacity': 0.5 } },
    { id: 'service_areas-source', slot: 'top', type: 'circle', filter: is('kind', 'source'), paint: { 'circle-radius': ctx.px(7), 'circle-color': colour.ground, 'circle-stroke-color': mapColour.reach, 'circle-stroke-width': ctx.px(3.5) } },
  ],
}

export const islands: MapLayer = {
  id: 'islands',
  sources: () => ({ islands: emptyGeojson() }),
  layers: (ctx) => [
    { id: 'islands-fill', slot: 'bounds', type: 'fill', filter: ['!', POINT] as never, paint: { 'fill-pattern': `pattern:${mapColour.island}`, 'fill-opacity': 0.55 } },
    { id: 'islands-edge', slot: 'bounds', type: 'line', filter: ['!', POINT] as never, layout: round, paint: { 'line-color': mapColour.island, 'line-width': ctx.px(2.5), 'line-dasharray': [3, 1.6] } },
    { id: 'islands-name', slot: 'top', type: 'symbol', filter: POINT, ...label(ctx, { 'text-allow-overlap': true, 'text-size': ctx.px(16) }) },
  ],
}

export const singleRoads: MapLayer = {
  id: 'single_roads',
  sources: () => ({ single_roads: emptyGeojson() }),
  layers: (ctx) => [
    { id: 'single_roads-bed', slot: 'bounds', type: 'line', filter: LINE, layout: round, paint: { 'line-color': mapColour.halo, 'line-width': ctx.px(11) } },
    { id: 'single_roads-line', slot: 'bounds', type: 'line', filter: LINE, layout: round, paint: { 'line-color': mapColour.single, 'line-width': ctx.px(6) } },
    { id: 'single_roads-village', slot: 'live', type: 'circle', filter: POINT, paint: { 'circle-radius': ['case', is('chosen', true), ctx.px(16), ctx.px(9)], 'circle-color': mapColour.single, 'circle-opacity': ['case', is('chosen', true), 0.25, 0], 'circle-stroke-color': mapColour.single, 'circle-stroke-width': ctx.px(2.2) } },
    { id: 'single_roads-name', slot: 'top', type: 'symbol', filter: is('chosen', true), ...label(ctx, { 'text-variable-anchor': ['bottom', 'top'], 'text-radial-offset': 1.5 }) },
  ],
}

const STATES = { housed: mapColour.housed, full: mapColour.full, far: mapColour.far } as const

export const coverage: MapLayer = {
  id: 'coverage',
  sources: () => ({ coverage: emptyGeojson(), 'coverage-shelters': emptyGeojson() }),
  layers: (ctx) => {
    const radius = ['interpolate', ['exponential', 1.6], ['zoom'], 10, ctx.px(2), 13, ctx.px(5), 16, ctx.px(16)] as never
    const far = is('state', 'far')
    const state = ['match', ['get', 'state'], 'housed', STATES.housed, 'full', STATES.full, STATES.far] as never
    return [
      {
        id: 'coverage-cell', slot: 'roads', type: 'circle',
        paint: { 'circle-radius': radius, 'circle-color': state, 'circle-opacity': ['case', far, 0, 0.85], 'circle-stroke-color': state, 'circle-stroke-width': ctx.px(1.1), 'circle-stroke-opacity': ['case', far, 0.4, 1] },
      },
      {
        id: 'coverage-shelter', slot: 'top', source: 'coverage-shelters', type: 'symbol',
        layout: {
          'icon-image': ['case', is('counts', true), 'shelter', 'shelter:out'] as never, 'icon-allow-overlap': true,
          'text-field': ['step', ['zoom'], '', 12.5, ['get', 'label']], 'text-font': labelFont, 'text-size': ctx.px(14), 'text-optional': true,
          'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 1.1, 'text-justify': 'auto',
        },
        paint: { 'text-color': ['case', is('counts', true), mapColour.shelter, colour.faint] as never, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.8) },
      },
    ]
  },
}
