/** Any register of the catalogue: areas hatched, lines, or marks with a character; names when near. */
import type { ExpressionSpecification } from 'maplibre-gl'
import type { LayerEntry } from '@/api/types'
import { colour, mapColour } from '@/style/tokens'
import { iconName } from '../icons/register'
import { vectorSource } from '../sources'
import { labelFont } from '../text'
import type { DrawnLayer, MapContext, MapLayer } from '../types'

const AREA = ['==', ['geometry-type'], 'Polygon'] as never
const LINE = ['==', ['geometry-type'], 'LineString'] as never
const POINT = ['==', ['geometry-type'], 'Point'] as never
/** From this many zooms above its first, a mark shows its character, and two later its name. */
const NEAR = 2

function area(ctx: MapContext, id: string, ink: string): DrawnLayer[] {
  return [
    { id: `${id}-area`, slot: 'bounds', type: 'fill', 'source-layer': id, filter: AREA, paint: { 'fill-color': ink, 'fill-opacity': 0.1 } },
    { id: `${id}-hatch`, slot: 'bounds', type: 'fill', 'source-layer': id, filter: AREA, minzoom: 12, paint: { 'fill-pattern': `pattern:${ink}`, 'fill-opacity': 0.3 } },
    {
      id: `${id}-edge`, slot: 'bounds', type: 'line', 'source-layer': id, filter: AREA, layout: { 'line-join': 'round' },
      paint: { 'line-color': ink, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, ctx.px(0.7), 15, ctx.px(1.6)], 'line-opacity': 0.85 },
    },
  ]
}
function line(ctx: MapContext, id: string, ink: string): DrawnLayer[] {
  const width = ['interpolate', ['linear'], ['zoom'], 11, ctx.px(1.4), 16, ctx.px(4)] as ExpressionSpecification
  return [
    { id: `${id}-bed`, slot: 'bounds', type: 'line', 'source-layer': id, filter: LINE, layout: { 'line-join': 'round' }, paint: { 'line-color': mapColour.halo, 'line-width': ['interpolate', ['linear'], ['zoom'], 11, ctx.px(3), 16, ctx.px(7)], 'line-opacity': 0.7 } },
    { id: `${id}-line`, slot: 'bounds', type: 'line', 'source-layer': id, filter: LINE, layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': ink, 'line-width': width } },
  ]
}
function label(ctx: MapContext, id: string, from: number): DrawnLayer {
  return {
    id: `${id}-name`, slot: 'labels', type: 'symbol', 'source-layer': id, filter: ['!', POINT] as never, minzoom: from,
    layout: {
      'symbol-placement': ctx.entry.legend[0]?.mark === 'line' ? 'line' : 'point', 'text-field': ['get', 'name'], 'text-font': labelFont, 'text-size': ctx.px(13),
      'text-max-width': 9, 'text-padding': ctx.px(8), 'symbol-spacing': ctx.px(420),
    },
    paint: { 'text-color': mapColour.label, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.5) },
  }
}
function marks(ctx: MapContext, id: string): DrawnLayer {
  const [near, from] = [ctx.entry.min_zoom + NEAR, Math.max(14, ctx.entry.min_zoom + NEAR)]
  const mark = ctx.entry.legend[0]
  return {
    id: `${id}-icon`, slot: 'marks', type: 'symbol', 'source-layer': id, filter: POINT,
    layout: {
      'icon-image': ['step', ['zoom'], iconName(id, mark, false), near, iconName(id, mark, true)],
      'icon-size': ['interpolate', ['linear'], ['zoom'], near - 2, 0.34, near - 0.01, 0.5, near, 0.75, near + 2, 1],
      'icon-allow-overlap': ['step', ['zoom'], false, near - 1, true], 'icon-padding': 0,
      'text-field': ['step', ['zoom'], '', from, ['get', 'name']], 'text-font': labelFont, 'text-size': ctx.px(13), 'text-optional': true,
      'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 1.1, 'text-justify': 'auto', 'text-max-width': 9,
    },
    paint: { 'text-color': mark?.color || colour.quiet, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.5) },
  }
}

/** How the map draws a register's layer. */
export function registerLayer(entry: LayerEntry): MapLayer {
  const { id, legend, shape } = entry
  const mark = legend[0]
  const ink = mark?.color || colour.quiet
  const drawn = (ctx: MapContext): DrawnLayer[] => [
    ...(shape === 'fill' ? area(ctx, id, ink) : []),
    ...(shape === 'line' || (shape === 'fill' && mark?.mark !== 'fill') ? line(ctx, id, ink) : []),
    ...(shape === 'point' ? [] : [label(ctx, id, Math.max(14, entry.min_zoom + NEAR))]),
    ...(mark?.mark === 'fill' || mark?.mark === 'line' ? [] : [marks(ctx, id)]),
  ]
  return { id, sources: (ctx) => ({ [id]: vectorSource(ctx) }), layers: drawn }
}
/** The map layers of a register that a person can point at. */
export const POINTED = ['icon', 'line', 'area'] as const
