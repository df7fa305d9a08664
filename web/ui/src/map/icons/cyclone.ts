/** A point of a typhoon's track: its grade by shape and shade, the newest in a ring, those of a forecast hollow. */
import { colour, mapColour } from '@/style/tokens'

/** In a 32 × 32 box. */
export const CYCLONE_SHAPE: Record<string, string> = {
  TD: 'M16 9a7 7 0 1 0 .1 0Z',
  TS: 'M16 6a10 10 0 1 0 .1 0Z',
  STS: 'M16 4 29 27H3Z',
  TY: 'M16 3 29 16 16 29 3 16Z',
  STY: 'M6 6H26V26H6Z',
  SuperTY: 'M16 2 20 11.500 30 12 22.500 18.500 25 29 16 23.500 7 29 9.500 18.500 2 12 12 11.500Z',
}

export function cycloneMark(pen: CanvasRenderingContext2D, grade: string, mark: string): void {
  const shape = new Path2D(CYCLONE_SHAPE[grade] ?? CYCLONE_SHAPE.TD)
  const shade = mapColour.cyclone[grade as keyof typeof mapColour.cyclone] ?? mapColour.cyclone.TD
  if (mark === 'now') {
    pen.beginPath()
    pen.arc(0, 0, 18, 0, Math.PI * 2)
    pen.lineWidth = 2
    pen.strokeStyle = colour.text
    pen.stroke()
  }
  const size = mark === 'now' ? 0.8 : 0.55
  pen.scale(size, size)
  pen.translate(-16, -16)
  pen.lineJoin = 'round'
  pen.lineWidth = 6
  pen.strokeStyle = mapColour.halo
  pen.stroke(shape)
  pen.fillStyle = mark === 'ahead' ? mapColour.halo : shade
  pen.fill(shape)
  pen.lineWidth = 3
  pen.strokeStyle = shade
  pen.stroke(shape)
}
