/** What models and gauges say of roads: hatched suggestions; roads under modelled water in dots. */
import { colour, mapColour } from '@/style/tokens'
import type { LayerLook } from '../controller'
import { emptyGeojson } from '../sources'
import { labelFont } from '../text'
import type { MapLayer } from '../types'

export const suggestions: MapLayer = {
  id: 'suggestions',
  sources: () => ({ suggestions: emptyGeojson(), 'suggestion-signs': emptyGeojson() }),
  layers: (ctx) => {
    const wide = (factor: number) => ['interpolate', ['linear'], ['zoom'], 11, ctx.px(7 * factor), 16, ctx.px(13 * factor)] as never
    return [
      { id: 'suggestions-bed', slot: 'bounds', type: 'line', layout: { 'line-cap': 'butt', 'line-join': 'round' }, paint: { 'line-color': mapColour.halo, 'line-width': wide(1.25) } },
      { id: 'suggestions-hatch', slot: 'bounds', type: 'line', layout: { 'line-join': 'round' }, paint: { 'line-pattern': `pattern:${mapColour.suggest}`, 'line-width': wide(1) } },
      { id: 'suggestions-edge', slot: 'bounds', type: 'line', layout: { 'line-join': 'round' }, paint: { 'line-color': mapColour.suggest, 'line-width': ctx.px(1.5), 'line-gap-width': wide(0.9) } },
      {
        id: 'suggestions-sign', slot: 'marks', source: 'suggestion-signs', type: 'symbol',
        layout: { 'text-field': ['get', 'label'], 'text-font': labelFont, 'text-size': ctx.px(16), 'text-variable-anchor': ['bottom', 'top', 'left', 'right'], 'text-radial-offset': 0.8, 'text-justify': 'auto', 'symbol-sort-key': ['get', 'order'] },
        paint: { 'text-color': mapColour.suggest, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(2) },
      },
    ]
  },
}

/** Where a modelled fire will be: each outline with its minutes, dotted; what it reaches; ways out. */
export const fireRun: MapLayer = {
  id: 'fire_run',
  sources: () => ({ fire_run: emptyGeojson() }),
  layers: (ctx) => {
    const is = (kind: string) => ['==', ['get', 'kind'], kind] as never
    return [
      { id: 'fire_run-fill', slot: 'surface', type: 'fill', filter: is('isochrone'), paint: { 'fill-color': mapColour.front, 'fill-opacity': 0.13 } },
      { id: 'fire_run-edge', slot: 'bounds', type: 'line', filter: is('isochrone'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': mapColour.front, 'line-width': ctx.px(2.5), 'line-dasharray': [0.2, 1.8] } },
      { id: 'fire_run-time', slot: 'labels', type: 'symbol', filter: is('isochrone'), layout: { 'symbol-placement': 'line', 'symbol-spacing': ctx.px(260), 'text-field': ['concat', ['get', 'minutes'], ' min'], 'text-font': labelFont, 'text-size': ctx.px(15) }, paint: { 'text-color': mapColour.front, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(2) } },
      { id: 'fire_run-road', slot: 'roads', type: 'line', filter: is('reached_road'), layout: { 'line-cap': 'round' }, paint: { 'line-color': mapColour.front, 'line-width': ctx.px(3), 'line-opacity': 0.7 } },
      { id: 'fire_run-escape', slot: 'live', type: 'line', filter: is('escape'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour.success, 'line-width': ctx.px(4), 'line-dasharray': [0.2, 1.8] } },
      { id: 'fire_run-reached', slot: 'marks', type: 'circle', filter: ['all', is('reached'), ['==', ['geometry-type'], 'Point']] as never, paint: { 'circle-radius': ctx.px(5), 'circle-color': colour.ground, 'circle-stroke-color': mapColour.front, 'circle-stroke-width': ctx.px(2) } },
    ]
  },
}

/** First zones of a leak: the circle, the sector downwind, where to gather upwind, ways there; a plume and radii of heat, dotted. */
export const gasZones: MapLayer = {
  id: 'gas_zones',
  sources: () => ({ gas_zones: emptyGeojson() }),
  layers: (ctx) => {
    const is = (kind: string) => ['==', ['get', 'kind'], kind] as never
    return [
      { id: 'gas_zones-fill', slot: 'surface', type: 'fill', filter: ['in', ['get', 'kind'], ['literal', ['isolation', 'sector']]] as never, paint: { 'fill-color': mapColour.gas, 'fill-opacity': 0.16 } },
      { id: 'gas_zones-edge', slot: 'bounds', type: 'line', filter: ['in', ['get', 'kind'], ['literal', ['isolation', 'sector']]] as never, layout: { 'line-cap': 'round' }, paint: { 'line-color': mapColour.gas, 'line-width': ctx.px(2.5), 'line-dasharray': [0.2, 1.8] } },
      { id: 'gas_zones-plume', slot: 'surface', type: 'fill', filter: is('plume'), paint: { 'fill-color': mapColour.gas, 'fill-opacity': 0.22 } },
      { id: 'gas_zones-far', slot: 'bounds', type: 'line', filter: ['in', ['get', 'kind'], ['literal', ['plume', 'heat']]] as never, paint: { 'line-color': ['match', ['get', 'kind'], 'heat', mapColour.front, mapColour.gas], 'line-width': ctx.px(2), 'line-dasharray': [0.2, 1.8] } },
      { id: 'gas_zones-name', slot: 'labels', type: 'symbol', filter: ['in', ['get', 'kind'], ['literal', ['plume', 'heat']]] as never, layout: { 'symbol-placement': 'line', 'symbol-spacing': ctx.px(320), 'text-field': ['get', 'label'], 'text-font': labelFont, 'text-size': ctx.px(14) }, paint: { 'text-color': colour.text, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(2) } },
      { id: 'gas_zones-upwind', slot: 'bounds', type: 'line', filter: is('upwind'), paint: { 'line-color': colour.success, 'line-width': ctx.px(2), 'line-dasharray': [3, 2] } },
      { id: 'gas_zones-way', slot: 'live', type: 'line', filter: is('way'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour.accent, 'line-width': ctx.px(3.5), 'line-opacity': 0.85 } },
      { id: 'gas_zones-spot', slot: 'top', type: 'circle', filter: is('spot'), paint: { 'circle-radius': ctx.px(6), 'circle-color': colour.ground, 'circle-stroke-color': mapColour.gas, 'circle-stroke-width': ctx.px(3) } },
    ]
  },
}

export const WATER = 'flood_roads-water'
/** How many times its depth the water stands above the ground; told on the map. */
export const WATER_TIMES = 10
/** The water at a step of a run; what is not wet then is not there. */
export function waterLook(step: number, bands_cm: number[]): LayerLook {
  const depth = ['get', String(step)]
  const [first, ...more] = mapColour.depths
  const shades = more.flatMap((shade, k) => (bands_cm[k + 1] === undefined ? [] : [bands_cm[k + 1], shade]))
  return {
    filter: ['has', String(step)],
    paint: { 'fill-extrusion-height': ['*', WATER_TIMES / 100, depth], 'fill-extrusion-color': shades.length ? ['step', depth, first, ...shades] : first },
  }
}

export const floodRoads: MapLayer = {
  id: 'flood_roads',
  sources: () => ({ flood_roads: emptyGeojson(), flood_told: emptyGeojson(), flood_water: emptyGeojson() }),
  layers: (ctx) => [
    // The water of a run stands in the 2.5-D scene; what is deep at which moment is said by `waterLook`.
    { id: WATER, slot: 'solid', view: 'relief', source: 'flood_water', type: 'fill-extrusion', paint: { 'fill-extrusion-opacity': 0.72, 'fill-extrusion-vertical-gradient': false } },
    // What is being typed in for a run: walls, where water is let in (full), whose level is given (hollow).
    { id: 'flood_roads-wall', slot: 'top', source: 'flood_told', type: 'line', filter: ['==', ['get', 'kind'], 'wall'], layout: { 'line-cap': 'butt', 'line-join': 'round' }, paint: { 'line-color': colour.text, 'line-width': ctx.px(5) } },
    { id: 'flood_roads-post', slot: 'top', source: 'flood_told', type: 'circle', filter: ['==', ['get', 'kind'], 'post'], paint: { 'circle-radius': ctx.px(4), 'circle-color': colour.text, 'circle-stroke-color': mapColour.halo, 'circle-stroke-width': ctx.px(1.5) } },
    { id: 'flood_roads-spot', slot: 'top', source: 'flood_told', type: 'circle', filter: ['in', ['get', 'kind'], ['literal', ['inflows', 'levels']]], paint: { 'circle-radius': ctx.px(7), 'circle-color': ['match', ['get', 'kind'], 'inflows', mapColour.suggest, colour.ground], 'circle-stroke-color': ['match', ['get', 'kind'], 'inflows', colour.ground, mapColour.suggest], 'circle-stroke-width': ctx.px(3) } },
    { id: 'flood_roads-bed', slot: 'roads', type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': mapColour.halo, 'line-width': ctx.px(6) } },
    { id: 'flood_roads-line', slot: 'roads', type: 'line', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': mapColour.suggest, 'line-width': ctx.px(3.5), 'line-dasharray': [0.1, 1.8] } },
    {
      id: 'flood_roads-depth', slot: 'labels', type: 'symbol', minzoom: 14,
      layout: { 'symbol-placement': 'line', 'symbol-spacing': ctx.px(220), 'text-field': ['get', 'label'], 'text-font': labelFont, 'text-size': ctx.px(14) },
      paint: { 'text-color': colour.text, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(2) },
    },
  ],
}
