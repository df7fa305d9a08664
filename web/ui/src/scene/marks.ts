/** What can be drawn at a scene and how; geometry from the corners clicked. Pure. */
import type { Geometry, Position } from 'geojson'
import type { Mark } from '@/api/types'

export type MarkKind = Mark['kind']
export type Drawn = 'Point' | 'LineString' | 'Polygon'

/** The server's kinds, each with what it is drawn as (`command.scene.KINDS`). */
export const KINDS: Record<MarkKind, Drawn> = {
  headquarters: 'Point', cordon: 'Polygon', division: 'Polygon', escape: 'LineString', safety: 'Polygon',
  burnt: 'Polygon', monitor: 'Point', isolation: 'Polygon', downwind: 'Polygon',
}
/** Where people leave or stay indoors. */
export const ZONES: readonly MarkKind[] = ['isolation', 'downwind', 'cordon']
export const LEAST: Record<Drawn, number> = { Point: 1, LineString: 2, Polygon: 3 }

/** What so many corners make; null while there are too few. */
export function geometryOf(drawn: Drawn, corners: Position[]): Geometry | null {
  const [first] = corners
  if (!first || corners.length < LEAST[drawn]) return null
  if (drawn === 'Point') return { type: 'Point', coordinates: first }
  if (drawn === 'LineString') return { type: 'LineString', coordinates: corners }
  return { type: 'Polygon', coordinates: [[...corners, first]] }
}
/** What the map shows of a drawing: its corners, and as much of its shape as they make. */
export function sketchOf(drawn: Drawn, corners: Position[]): Geometry[] {
  const shape = geometryOf(drawn, corners) ?? geometryOf('LineString', corners)
  return [...(shape && shape.type !== 'Point' ? [shape] : []), ...corners.map((at): Geometry => ({ type: 'Point', coordinates: at }))]
}
/** All places of a mark, to look at them. */
export function placesOf(geometry: Mark['geom']): Position[] {
  const flat = (held: unknown): Position[] => (Array.isArray(held) ? (typeof held[0] === 'number' ? [held as Position] : held.flatMap(flat)) : [])
  return flat(geometry['coordinates'])
}
/** How many people its figures say are inside, by night or by day as it was set; null where nobody counted. */
export function personsIn(mark: Mark): number | null {
  const of = (id: string) => mark.inside.find((one) => one.id === id)?.amount
  const found = of(mark.basis['night'] ? 'persons_night' : 'persons_day') ?? of('persons_night')
  return found === undefined ? null : Math.round(found)
}
