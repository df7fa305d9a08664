/** Residents by cell, in five quiet blues. Counts only. */
import { mapColour } from '@/style/tokens'
import { vectorSource } from '../sources'
import type { MapLayer } from '../types'

const [p1, p2, p3, p4, p5] = mapColour.people
const steps = ['step', ['coalesce', ['get', 'population'], 0], p1, 1, p2, 100, p3, 500, p4, 1000, p5] as never

export const population: MapLayer = {
  id: 'population',
  sources: (ctx) => ({ population: vectorSource(ctx) }),
  layers: (ctx) => [
    {
      id: 'population-fill', slot: 'relief', type: 'fill', 'source-layer': 'population', filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': steps, 'fill-opacity': 0.65 },
    },
    {
      id: 'population-dot', slot: 'surface', type: 'circle', 'source-layer': 'population', filter: ['==', ['geometry-type'], 'Point'],
      paint: { 'circle-color': steps, 'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, ctx.px(3), 15, ctx.px(10)], 'circle-opacity': 0.8 },
    },
  ],
}
