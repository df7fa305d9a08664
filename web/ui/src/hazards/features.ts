/** Gauges, zones and villages as GeoJSON, for their live layers. Pure. */
import type { FeatureCollection } from 'geojson'
import type { GaugeNow, Hazard } from '@/api/types'
import { collection } from '@/map/live'
import type { Ring } from '@/map/icons/draw'
import { labelOf } from './gauge'
import { hazardsInOrder } from './hazard'
import type { GaugeRow } from './monitor'

/** `ring`: how fresh the whole board is; nothing on it is fresher. */
export function gaugeFeatures(rows: GaugeRow[], ring: Ring, chosen: string, more: (gauge: GaugeNow) => string): FeatureCollection {
  const weaker = (own: Ring): Ring => (own === 'unknown' || ring === 'unknown' ? 'unknown' : own === 'stale' ? 'stale' : ring)
  return collection(
    rows.map(({ gauge, state, fresh, over }) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [gauge.lon, gauge.lat] },
      properties: {
        id: gauge.code, name: gauge.name, more: `${more(gauge)} ${labelOf(gauge, state)}`.trim(), icon: `gauge:${gauge.element}:${over ? 'over' : 'calm'}:${weaker(fresh)}`,
        label: labelOf(gauge, state), order: over ? 2 : state === 'fresh' ? 1 : 0, chosen: gauge.code === chosen,
      },
    })),
  )
}
/** The worst is drawn last, above the others. */
export function hazardFeatures(rows: Hazard[], chosen: string, icon: (row: Hazard) => string, said: (row: Hazard) => string): FeatureCollection {
  return collection(
    hazardsInOrder(rows).map((row, k) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [row.lon, row.lat] },
      properties: { id: row.id, name: row.name, more: said(row), label: said(row), icon: icon(row), order: -k, chosen: row.id === chosen },
    })),
  )
}
