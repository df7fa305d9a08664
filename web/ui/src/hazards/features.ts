/** Gauges, zones and villages as GeoJSON, for their live layers. Pure. */
import type { Feature, Point } from 'geojson'
import type { GaugeNow, Hazard } from '@/api/types'
import type { Crowded } from '@/map/crowd'
import type { Ring } from '@/map/icons/draw'
import { labelOf } from './gauge'
import { hazardsInOrder, toldOf, type Told } from './hazard'
import type { GaugeRow } from './monitor'

type Mark = Feature<Point>
/** `ring`: how fresh the whole board is; nothing on it is fresher. The weightiest first; what is neither over nor silent is quiet. */
export function gaugeFeatures(rows: GaugeRow[], ring: Ring, chosen: string, more: (gauge: GaugeNow) => string): Mark[] {
  const weaker = (own: Ring): Ring => (own === 'unknown' || ring === 'unknown' ? 'unknown' : own === 'stale' ? 'stale' : ring)
  const weight = ({ over, state }: GaugeRow) => (over ? 2 : state === 'silent' ? 1 : 0)
  return [...rows]
    .sort((a, b) => weight(b) - weight(a) || a.gauge.code.localeCompare(b.gauge.code))
    .map((row) => {
      const { gauge, state, fresh, over } = row
      return {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [gauge.lon, gauge.lat] },
        properties: {
          id: gauge.code, name: gauge.name, more: `${more(gauge)} ${labelOf(gauge, state)}`.trim(), icon: `gauge:${gauge.element}:${over ? 'over' : 'calm'}:${weaker(fresh)}`,
          label: labelOf(gauge, state), order: weight(row), kind: 'gauge', weight: over && gauge.element !== 'rain' ? 4.5 : [0, 1, 3][weight(row)], quiet: !weight(row), chosen: gauge.code === chosen,
        },
      }
    })
}
/** Beside gauges: water or wind over its limit 4.5, rain that is behind an alarm 3, silent 1. */
const WEIGHT: Record<Told, number> = { immediate: 5, prepare: 4, colour: 4, unknown: 2, safe: 0 }
/** The worst first, and drawn last, above the others; safe ones are quiet. */
export function hazardFeatures(rows: Hazard[], chosen: string, icon: (row: Hazard, glyph: boolean) => string, said: (row: Hazard) => string): Mark[] {
  return hazardsInOrder(rows).map((row, k) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [row.lon, row.lat] },
    properties: {
      id: row.id, name: row.name, more: said(row), label: said(row), icon: icon(row, true), dot: icon(row, false), order: -k,
      kind: 'hazard', weight: WEIGHT[toldOf(row)], quiet: toldOf(row) === 'safe', chosen: row.id === chosen,
    },
  }))
}
/** Marks of all kinds as they stand in a crowd: small, or with how many of their kind they hide. The chosen one is never small. */
export function standing(marks: Mark[], place: (inOrder: Mark[]) => Crowded[]): Mark[] {
  const inOrder = [...marks].sort((a, b) => Number(b.properties?.weight) - Number(a.properties?.weight))
  const places = place(inOrder)
  return inOrder.map((mark, k) => {
    const { small, behind } = places[k]!
    return { ...mark, properties: { ...mark.properties, small: small && !mark.properties?.chosen, count: behind ? `+${behind}` : '' } }
  })
}
