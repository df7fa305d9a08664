/** Coasts of the world (Natural Earth 1:50m, public domain), for views wider than the district: where a typhoon is. */
import type { FeatureCollection } from 'geojson'
import type { LayerSpecification } from 'maplibre-gl'
import { mapColour } from '@/style/tokens'

/** Above this zoom the coast is too coarse, and the district's own map is there. */
export const COAST_ZOOM = 8.5
const fading = ['interpolate', ['linear'], ['zoom'], COAST_ZOOM - 1, 1, COAST_ZOOM, 0] as never

export const coastLayers: LayerSpecification[] = [
  { id: 'coast-land', type: 'fill', source: 'coast', maxzoom: COAST_ZOOM, paint: { 'fill-color': mapColour.farLand, 'fill-opacity': fading, 'fill-antialias': false } },
  { id: 'coast-line', type: 'line', source: 'coast', maxzoom: COAST_ZOOM, paint: { 'line-color': mapColour.waterLine, 'line-opacity': fading } },
]

/** Loaded when somebody first looks that far. Land alone: it has no borders. */
export async function coast(): Promise<FeatureCollection> {
  const [{ default: world }, { feature }] = await Promise.all([import('world-atlas/land-50m.json'), import('topojson-client')])
  return feature(world, world.objects.land)
}
