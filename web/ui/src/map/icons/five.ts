/** Patterns of the five colours, for who does not tell colours apart: the worse, the denser. One source for map and legend. */
import type { TownColour } from '@/api/types'

/** Strokes in a 16 × 16 box. */
export const FIVE_PATTERN: Record<TownColour, string> = {
  red: 'M0 16 16 0M0 0 16 16M0 8 8 0M8 16 16 8M0 8 8 16M8 0 16 8',
  orange: 'M0 16 16 0M0 8 8 0M8 16 16 8',
  yellow: 'M0 0 16 16',
  blue: 'M3 4H5M11 12H13',
  green: '',
  unknown: 'M0 8H5M8 0H13M8 16H13',
}

export function fivePattern(pen: CanvasRenderingContext2D, side: number, colour: string): void {
  pen.translate(-side / 2, -side / 2)
  pen.scale(side / 16, side / 16)
  pen.lineWidth = 1.4
  pen.strokeStyle = 'rgb(10 18 28 / 75%)'
  pen.stroke(new Path2D(FIVE_PATTERN[colour as TownColour] ?? ''))
}
