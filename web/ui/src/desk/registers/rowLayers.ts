/** The rows of the desk on its map: those of the filter faint, those of the page plain, what is pointed at bright. */
import type { ExpressionSpecification, Map as MapLibre } from 'maplibre-gl'
import { colour, mapColour } from '@/style/tokens'
import { labelFont } from '@/map/text'
import { emptyGeojson } from '@/map/sources'

export const SOURCES = ['rows', 'open', 'past'] as const
export const POINTED = ['rows-dot', 'rows-line', 'rows-area']
const bright = (a: unknown, b: unknown, c: unknown) =>
  ['case', ['any', ['boolean', ['feature-state', 'hover'], false], ['boolean', ['feature-state', 'chosen'], false]], a, ['boolean', ['feature-state', 'paged'], false], b, c] as ExpressionSpecification

/** Adds the sources and layers to a style that has just been set. `ink` is the register's own colour. */
export function addRowLayers(map: MapLibre, ink: string, px: (length: number) => number): void {
  map.addSource('rows', { ...emptyGeojson(), promoteId: 'id' } as never)
  map.addSource('open', emptyGeojson())
  map.addSource('past', emptyGeojson())
  const geometry = (type: string) => ['==', ['geometry-type'], type] as never
  map.addLayer({ id: 'rows-area', type: 'fill', source: 'rows', filter: geometry('Polygon'), paint: { 'fill-color': ink, 'fill-opacity': bright(0.45, 0.2, 0.1) } })
  map.addLayer({ id: 'rows-edge', type: 'line', source: 'rows', filter: geometry('Polygon'), paint: { 'line-color': bright(colour.text, ink, ink), 'line-width': bright(px(2.5), px(1.4), px(0.8)) } })
  map.addLayer({ id: 'rows-line', type: 'line', source: 'rows', filter: geometry('LineString'), layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': bright(colour.text, ink, ink), 'line-width': bright(px(5), px(3), px(1.5)) } })
  map.addLayer({
    id: 'rows-dot', type: 'circle', source: 'rows', filter: geometry('Point'),
    paint: {
      'circle-radius': bright(px(7), px(5), px(3)), 'circle-color': ink, 'circle-opacity': bright(1, 1, 0.55),
      'circle-stroke-color': bright(colour.text, mapColour.halo, mapColour.halo), 'circle-stroke-width': bright(px(2), px(1.5), px(0.5)),
    },
  })
  map.addLayer({
    id: 'rows-name', type: 'symbol', source: 'rows', minzoom: 13.5,
    layout: { 'text-field': ['get', 'name'], 'text-font': labelFont, 'text-size': px(13), 'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 0.8, 'text-max-width': 9 },
    paint: { 'text-color': mapColour.label, 'text-halo-color': mapColour.halo, 'text-halo-width': px(1.5) },
  })
  map.addLayer({ id: 'past-line', type: 'line', source: 'past', filter: ['!', geometry('Point')] as never, paint: { 'line-color': colour.text, 'line-width': px(2.5), 'line-dasharray': [2, 1.6] } })
  map.addLayer({ id: 'past-dot', type: 'circle', source: 'past', filter: geometry('Point'), paint: { 'circle-radius': px(9), 'circle-color': 'transparent', 'circle-stroke-color': colour.text, 'circle-stroke-width': px(2) } })
  map.addLayer({ id: 'open-line', type: 'line', source: 'open', filter: ['!', geometry('Point')] as never, layout: { 'line-join': 'round' }, paint: { 'line-color': colour.accent, 'line-width': px(3) } })
  map.addLayer({ id: 'open-dot', type: 'symbol', source: 'open', filter: geometry('Point'), layout: { 'icon-image': 'halo', 'icon-allow-overlap': true, 'icon-size': 0.7 } })
}
