/** Marks that would lie on each other: the weightiest keeps its place and counts those behind it. Pure. */
import type { Feature, Point } from 'geojson'

/** Pixels of the world at a zoom, 512 to the tile. */
function pixelOf([lon = 0, lat = 0]: number[], zoom: number): [number, number] {
  const world = 512 * 2 ** zoom
  const sin = Math.sin((lat * Math.PI) / 180)
  return [(lon / 360 + 0.5) * world, (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * world]
}

export interface Crowded {
  /** Drawn as a small mark where it is: another stands before it. */
  small: boolean
  /** How many of its own kind stand behind it. */
  behind: number
}
/** Marks in order of weight, the weightiest first; each has a `kind`. `small` ones never take a place. `reach` in pixels. */
export function crowd(marks: Feature<Point>[], zoom: number, reach: number, small: (one: Feature<Point>) => boolean): Crowded[] {
  const cells = new Map<string, { x: number; y: number; kind: unknown; at: Crowded }[]>()
  const near = (x: number, y: number, kind: unknown) => {
    const [i, j] = [Math.floor(x / reach), Math.floor(y / reach)]
    const found = [i - 1, i, i + 1]
      .flatMap((a) => [j - 1, j, j + 1].flatMap((b) => cells.get(`${a}:${b}`) ?? []))
      .filter((one) => Math.hypot(one.x - x, one.y - y) < reach)
    return found.find((one) => one.kind === kind) ?? found[0]
  }
  return marks.map((mark) => {
    const own: Crowded = { small: true, behind: 0 }
    const [x, y] = pixelOf(mark.geometry.coordinates, zoom)
    const kind: unknown = mark.properties?.kind
    const before = near(x, y, kind)
    if (before && before.kind === kind) before.at.behind += 1
    if (before || small(mark)) return own
    own.small = false
    const key = `${Math.floor(x / reach)}:${Math.floor(y / reach)}`
    cells.set(key, [...(cells.get(key) ?? []), { x, y, kind, at: own }])
    return own
  })
}
