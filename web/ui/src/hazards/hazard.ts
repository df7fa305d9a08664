/** How a zone or village stands, in one look that map and panels share. Pure. */
import type { Hazard } from '@/api/types'

export type Shade = Hazard['colour']
/** The colour; whether our own prompt alone says so (hatched); the character in it; whether part of it is not known. */
export interface HazardLook {
  shape: 'village' | 'zone'
  shade: Shade
  hatched: boolean
  glyph: string
  doubtful: boolean
}
/** What it is told as: an alarm of the rain before a colour that others gave. */
export type Told = 'immediate' | 'prepare' | 'colour' | 'unknown' | 'safe'
const ORDER: Told[] = ['immediate', 'prepare', 'colour', 'unknown', 'safe']
const GLYPH: Record<Told, string> = { immediate: '立', prepare: '准', colour: '警', unknown: '?', safe: '' }
const SHADE_ORDER: Shade[] = ['red', 'orange', 'yellow', 'blue', 'none', 'unknown']
export const isColour = (shade: Shade): shade is 'red' | 'orange' | 'yellow' | 'blue' => shade !== 'none' && shade !== 'unknown'

export function toldOf(row: Pick<Hazard, 'alarm' | 'state' | 'colour'>): Told {
  if (row.alarm !== 'safe') return row.alarm
  if (isColour(row.colour)) return 'colour'
  return row.state === 'unknown' ? 'unknown' : 'safe'
}
export function lookOf(row: Pick<Hazard, 'register' | 'alarm' | 'state' | 'colour' | 'internal' | 'unknown'>): HazardLook {
  const told = toldOf(row)
  return {
    shape: row.register === 'key_village' ? 'village' : 'zone',
    shade: row.colour,
    hatched: row.internal,
    glyph: GLYPH[told],
    doubtful: row.unknown && told !== 'unknown',
  }
}
export const hazardIcon = ({ shape, shade, hatched, glyph, doubtful }: HazardLook) =>
  `hazard:${shape}:${shade}:${hatched ? 'hatch' : 'solid'}:${glyph}:${doubtful ? 'doubt' : ''}`

/** The worst first, then the more persons. */
export function hazardsInOrder(rows: Hazard[]): Hazard[] {
  const key = (row: Hazard) => [ORDER.indexOf(toldOf(row)), SHADE_ORDER.indexOf(row.colour), -(row.persons ?? 0)]
  return [...rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)]
    return x[0]! - y[0]! || x[1]! - y[1]! || x[2]! - y[2]! || a.code.localeCompare(b.code)
  })
}

export interface Sum {
  told: Told
  objects: number
  households: number
  persons: number
  /** Objects whose households or persons nobody has counted. */
  uncounted: number
}
/** Objects, households and persons by how they stand. */
export function summed(rows: Hazard[]): Sum[] {
  const found = new Map<Told, Sum>()
  for (const row of rows) {
    const told = toldOf(row)
    const sum = found.get(told) ?? { told, objects: 0, households: 0, persons: 0, uncounted: 0 }
    found.set(told, sum)
    sum.objects += 1
    sum.households += row.households ?? 0
    sum.persons += row.persons ?? 0
    if (row.households === null || row.persons === null) sum.uncounted += 1
  }
  return ORDER.flatMap((told) => found.get(told) ?? [])
}
