/** Shapes as they are drawn: a register's geometry in parts of one ring or line or point each, and back. */
import type { Feature, Geometry, LineString, Point, Polygon, Position } from 'geojson'
import type { RegisterDef } from '@/api/registers'

export type Part = Point | LineString | Polygon
export type Tool = 'point' | 'linestring' | 'polygon'

/** The tool that draws a register's shapes; a register of any geometry is drawn as points. */
export function toolOf(register: RegisterDef): Tool {
  const kind = register.geometry ?? ''
  return kind.includes('POLYGON') ? 'polygon' : kind.includes('LINE') ? 'linestring' : 'point'
}
export function partsOf(geometry: Geometry | null): Part[] {
  switch (geometry?.type) {
    case 'Point':
    case 'LineString':
    case 'Polygon':
      return [geometry]
    case 'MultiPoint':
      return geometry.coordinates.map((coordinates) => ({ type: 'Point', coordinates }))
    case 'MultiLineString':
      return geometry.coordinates.map((coordinates) => ({ type: 'LineString', coordinates }))
    case 'MultiPolygon':
      return geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }))
    default:
      return []
  }
}
/** Whether the page can reshape it without losing anything: no holes, no collections, the register's own kind. */
export function isEditable(geometry: Geometry | null, tool: Tool): boolean {
  if (!geometry) return true
  const parts = partsOf(geometry)
  const kind = { point: 'Point', linestring: 'LineString', polygon: 'Polygon' }[tool]
  return parts.length > 0 && parts.every((part) => part.type === kind && (part.type !== 'Polygon' || part.coordinates.length === 1))
}
/** Parts as one geometry of the register's kind; null where there are none. */
export function joined(kind: string, parts: Part[]): Geometry | null {
  const some = <P extends Part>(type: P['type']) => parts.filter((part): part is P => part.type === type).map((part) => part.coordinates)
  if (!parts.length) return null
  if (kind === 'POINT' || kind === 'GEOMETRY') return parts.at(-1)!
  if (kind === 'LINESTRING') return parts.find((part) => part.type === 'LineString') ?? null
  if (kind === 'MULTILINESTRING') return { type: 'MultiLineString', coordinates: some<LineString>('LineString') as Position[][] }
  return { type: 'MultiPolygon', coordinates: some<Polygon>('Polygon') as Position[][][] }
}
function positions(geometry: Geometry): Position[] {
  if (geometry.type === 'GeometryCollection') return geometry.geometries.flatMap(positions)
  return (geometry.type === 'Point' ? [geometry.coordinates] : (geometry.coordinates as unknown[]).flat(Infinity).reduce<Position[]>((out, n, i, all) => (i % 2 ? out : [...out, [n as number, all[i + 1] as number]]), []))
}
export function countOf(geometry: Geometry): { n: number; v: number } {
  return { n: partsOf(geometry).length || 1, v: positions(geometry).length }
}
export function boundsOf(geometries: Geometry[]): [number, number, number, number] | null {
  let box: [number, number, number, number] | null = null
  for (const geometry of geometries)
    for (const [x = 0, y = 0] of positions(geometry)) box = box ? [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)] : [x, y, x, y]
  return box
}
export function rounded(part: Part): Part {
  const round = (at: unknown): unknown => (Array.isArray(at) ? at.map(round) : Math.round((at as number) * 1e7) / 1e7)
  return { ...part, coordinates: round(part.coordinates) } as Part
}
export const featureOf = (geometry: Geometry, properties: Feature['properties'] = {}): Feature => ({ type: 'Feature', geometry, properties })
