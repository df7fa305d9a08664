/** One name for one area. Tiles cut areas, and a cut area would be named once a tile; so names are placed here. */
import { VectorTile } from '@mapbox/vector-tile'
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson'
import { PbfReader } from 'pbf'

export type Box = [number, number, number, number]

const mercatorX = (lon: number) => (lon + 180) / 360
const mercatorY = (lat: number) => 0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)

/** The tiles at a zoom that cover a box. */
export function tilesOver([w, s, e, n]: Box, zoom: number): [number, number][] {
  const cell = (at: number) => Math.floor(at * 2 ** zoom)
  const out: [number, number][] = []
  for (let x = cell(mercatorX(w)); x <= cell(mercatorX(e)); x += 1)
    for (let y = cell(mercatorY(n)); y <= cell(mercatorY(s)); y += 1) out.push([x, y])
  return out
}

function areaOf(ring: Position[]): number {
  return ring.reduce((sum, [x = 0, y = 0], i) => {
    const [u = 0, v = 0] = ring[(i + 1) % ring.length] ?? []
    return sum + x * v - u * y
  }, 0) / 2
}

/** A point inside the widest stretch of a ring, on the level of its middle. */
export function middleOf(ring: Position[]): Position {
  const ys = ring.map((at) => at[1] ?? 0)
  const level = (Math.min(...ys) + Math.max(...ys)) / 2
  const cuts: number[] = []
  ring.forEach(([x = 0, y = 0], i) => {
    const [u = 0, v = 0] = ring[(i + 1) % ring.length] ?? []
    if (y <= level !== v <= level) cuts.push(x + ((level - y) / (v - y)) * (u - x))
  })
  cuts.sort((a, b) => a - b)
  let best: [number, number] = [0, 0]
  for (let i = 0; i + 1 < cuts.length; i += 2)
    if (cuts[i + 1]! - cuts[i]! > best[1] - best[0]) best = [cuts[i]!, cuts[i + 1]!]
  return [(best[0] + best[1]) / 2, level]
}

/** The largest piece of every name, as a point with that feature's properties. */
export function namePoints(pieces: Feature<Polygon | MultiPolygon>[]): FeatureCollection {
  const largest = new Map<string, { size: number; ring: Position[]; properties: Feature['properties'] }>()
  for (const { geometry, properties } of pieces) {
    const name = properties?.name as string | undefined
    if (!name) continue
    const rings = geometry.type === 'Polygon' ? [geometry.coordinates[0]] : geometry.coordinates.map((part) => part[0])
    for (const ring of rings) {
      const size = ring ? Math.abs(areaOf(ring)) : 0
      if (ring && size > (largest.get(name)?.size ?? 0)) largest.set(name, { size, ring, properties })
    }
  }
  const features = [...largest.values()].map(({ ring, properties }): Feature => ({
    type: 'Feature', properties: { ...properties }, geometry: { type: 'Point', coordinates: middleOf(ring) },
  }))
  return { type: 'FeatureCollection', features }
}

/** Reads the areas of one tile layer at a zoom, over a box. */
export async function readAreas(tiles: string, layer: string, box: Box, zoom: number): Promise<Feature<Polygon | MultiPolygon>[]> {
  const read = async ([x, y]: [number, number]) => {
    const address = tiles.replace('{z}', String(zoom)).replace('{x}', String(x)).replace('{y}', String(y))
    const response = await fetch(address, { credentials: 'same-origin' })
    if (response.status !== 200) return []
    const found = new VectorTile(new PbfReader(await response.arrayBuffer())).layers[layer]
    return Array.from({ length: found?.length ?? 0 }, (_, i) => found!.feature(i).toGeoJSON(x, y, zoom))
  }
  const all = (await Promise.all(tilesOver(box, zoom).map(read))).flat()
  return all.filter((one): one is Feature<Polygon | MultiPolygon> => one.geometry.type.endsWith('Polygon'))
}
