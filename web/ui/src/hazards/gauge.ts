/** What a gauge's reading means: over its limit or not, how fresh, how it reads in a few characters. Pure. */
import type { Gauge, GaugeNow, Hazard } from '@/api/types'
import type { Ring } from '@/map/icons/draw'

export const ELEMENTS = ['rain', 'water_level', 'depth', 'wind', 'wind_direction', 'temperature', 'humidity'] as const
export type GaugeElement = (typeof ELEMENTS)[number]
/** A reading older than this many intervals is stale, though its gauge may not be silent yet. */
const STALE_INTERVALS = 2
const LEAST_STALE_S = 120

export function isGauge(element: string): element is GaugeElement {
  return (ELEMENTS as readonly string[]).includes(element)
}
/** The journal's word on silence counts, where it has one. */
export function stateOf(gauge: GaugeNow, said: Gauge | undefined): GaugeNow['state'] {
  return said?.state ?? gauge.state
}
export function freshnessOf(gauge: GaugeNow, state: GaugeNow['state'], nowMs: number): Ring {
  if (state === 'silent' || state === 'never' || state === 'withdrawn' || !gauge.last_at) return 'unknown'
  const old = (nowMs - Date.parse(gauge.last_at)) / 1000
  return old > Math.max(LEAST_STALE_S, gauge.interval_s * STALE_INTERVALS) ? 'stale' : 'fresh'
}
/** Rain gauges whose rain is behind an alarm. */
export function alarming(hazards: Hazard[]): Set<string> {
  return new Set(hazards.filter((one) => one.alarm !== 'safe').flatMap((one) => one.evidence.gauges))
}
/** Over its warning level or closing depth, or of rain: behind an alarm that stands. In doubt or silent it says nothing. */
export function isOver(gauge: GaugeNow, state: GaugeNow['state'], limit: number | undefined, alarms: Set<string>): boolean {
  if (state !== 'fresh') return false
  if (gauge.element === 'rain') return alarms.has(gauge.code)
  return gauge.quality !== 'suspect' && limit !== undefined && gauge.last_value !== null && gauge.last_value >= limit
}

export interface Value {
  figure: string
  unit: string
  /** Hours that a sum of rain is of. */
  hours?: number
}
/** A sum of rain in a window; null while it is not known. */
export function rainIn(gauge: GaugeNow, hours: number): number | null {
  const found = gauge.rain.find((one) => one.hours === hours)
  return found?.known ? found.mm : null
}
export const trimmed = (value: number, digits: number) => value.toFixed(digits).replace(/\.0+$/, '')
/** Rain of the last hour, otherwise of three; level in m, depth in cm, wind in m/s and from which degree, °C, %. Null: nothing is known. */
export function valueOf(gauge: GaugeNow): Value | null {
  if (gauge.element === 'rain') {
    for (const hours of [1, 3]) {
      const mm = rainIn(gauge, hours)
      if (mm !== null) return { figure: trimmed(mm, 1), unit: 'mm', hours }
    }
    return null
  }
  if (gauge.last_value === null) return null
  if (gauge.element === 'depth') return { figure: String(Math.round(gauge.last_value * 100)), unit: 'cm' }
  if (gauge.element === 'wind_direction') return { figure: String(Math.round(gauge.last_value)), unit: '°' }
  if (gauge.element === 'humidity') return { figure: String(Math.round(gauge.last_value)), unit: '%' }
  if (gauge.element === 'temperature') return { figure: gauge.last_value.toFixed(1), unit: '°C' }
  return { figure: gauge.last_value.toFixed(gauge.element === 'wind' ? 1 : 2), unit: gauge.element === 'wind' ? 'm/s' : 'm' }
}
/** The label on the map: "35 mm/1h", "0.42 m"; nothing for a dry gauge. */
export function labelOf(gauge: GaugeNow, state: GaugeNow['state']): string {
  const value = state === 'fresh' ? valueOf(gauge) : null
  if (!value || (Number(value.figure) === 0 && gauge.element !== 'water_level')) return ''
  return value.hours ? `${value.figure} ${value.unit}/${value.hours}h` : `${value.figure} ${value.unit}`
}
