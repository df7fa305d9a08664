/** A box dragged on the map: with Shift, or while `armed`. MapLibre's own box zoom makes way for it. */
import type { Map as MapLibre, MapMouseEvent, Point } from 'maplibre-gl'
import type { Box } from './filter'

type Frame = { left: string; top: string; width: string; height: string }

export function bindBox(map: MapLibre, armed: () => boolean, show: (frame: Frame | null) => void, take: (box: Box) => void): void {
  map.boxZoom.disable()
  let from: Point | null = null
  map.on('mousedown', (event: MapMouseEvent) => {
    if (!event.originalEvent.shiftKey && !armed()) return
    event.preventDefault()
    from = event.point
  })
  map.on('mousemove', ({ point }: MapMouseEvent) => {
    if (!from) return
    const [left, top] = [Math.min(from.x, point.x), Math.min(from.y, point.y)]
    show({ left: `${left}px`, top: `${top}px`, width: `${Math.abs(point.x - from.x)}px`, height: `${Math.abs(point.y - from.y)}px` })
  })
  map.on('mouseup', ({ point }: MapMouseEvent) => {
    const start = from
    from = null
    show(null)
    if (!start || Math.abs(point.x - start.x) + Math.abs(point.y - start.y) < 6) return
    const [a, b] = [map.unproject(start), map.unproject(point)]
    const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6
    take([round(Math.min(a.lng, b.lng)), round(Math.min(a.lat, b.lat)), round(Math.max(a.lng, b.lng)), round(Math.max(a.lat, b.lat))])
  })
}
