/** The road under a finger: the nearest line on the screen, and the point on it. */
import type { Geometry, Position } from 'geojson'

export interface Spot {
  /** Screen pixels from the click. */
  away: number
  at: [number, number]
  line: Position[]
}
interface Screen {
  project(at: [number, number]): { x: number; y: number }
  unproject(point: [number, number]): { lng: number; lat: number }
}
type Point = { x: number; y: number }

/** Never quite the end of a stretch: at a junction one could not tell which road is meant. */
const OFF_END = 0.04

function onStretch(p: Point, a: Point, b: Point): { x: number; y: number; away: number } {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const long = dx * dx + dy * dy
  const share = long ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / long : 0
  const t = Math.min(1 - OFF_END, Math.max(OFF_END, share))
  const [x, y] = [a.x + t * dx, a.y + t * dy]
  return { x, y, away: Math.hypot(p.x - x, p.y - y) }
}

export function nearestOn(screen: Screen, point: Point, geometry: Geometry): Spot | null {
  const lines = geometry.type === 'LineString' ? [geometry.coordinates] : geometry.type === 'MultiLineString' ? geometry.coordinates : []
  let best: Spot | null = null
  for (const line of lines) {
    const drawn = line.map((at) => screen.project([at[0] ?? 0, at[1] ?? 0]))
    for (let i = 0; i + 1 < drawn.length; i += 1) {
      const hit = onStretch(point, drawn[i]!, drawn[i + 1]!)
      if (best && hit.away >= best.away) continue
      const { lng, lat } = screen.unproject([hit.x, hit.y])
      best = { away: hit.away, at: [lng, lat], line }
    }
  }
  return best
}
