/** The marks of gauges, zones and villages: one source for the map's canvas and the panels' SVG. */
import { colour, mapColour } from '@/style/tokens'

/** In a 32 × 32 box, stroked: a drop, a level over waves, waves with a measure, wind, a vane, a thermometer, per cent. */
export const GAUGE_MARK: Record<string, string> = {
  rain: 'M16 6c4 5 6.5 8.2 6.5 11.500a6.5 6.5 0 0 1-13 0C9.5 14.2 12 11 16 6Z',
  water_level: 'M7 19q3-3.2 6 0t6 0 6 0M7 24q3-3.2 6 0t6 0 6 0M16 6v8M12.5 11 16 14.5 19.5 11',
  depth: 'M7 12q3-3.2 6 0t6 0 6 0M16 14v10M12 24h8M13.5 18.500h2.5',
  wind: 'M6 13h13a3.5 3.5 0 1 0-3.2-5M6 18h17a3.2 3.2 0 1 1-3 4.5',
  wind_direction: 'M16 26V7M11 12l5-5 5 5M12 26h8',
  temperature: 'M14 18V8a2 2 0 0 1 4 0v10a4 4 0 1 1-4 0Z',
  humidity: 'M8 24 24 8M11 8a2 2 0 1 0 .1 0M21 20a2 2 0 1 0 .1 0',
}
export const HAZARD_OUTLINE = { village: 'M16 2 29.5 12.500V29.500H2.500V12.500Z', zone: 'M16 2 31 29.500H1Z' } as const

/** The ink that is read on a warning's colour: at least 4.5 : 1. */
export const INK_ON: Record<string, string> = { red: '#FFFFFF', orange: colour.ground, yellow: colour.ground, blue: colour.ground }
export const shadeColour = (shade: string): string => colour.warning[shade as keyof typeof colour.warning] ?? colour.faint

type Pen = CanvasRenderingContext2D
export function gaugeMark(pen: Pen, element: string, level: string, ring: string): void {
  const [over, gone] = [level === 'over', ring === 'unknown']
  pen.beginPath()
  pen.arc(0, 0, 15, 0, Math.PI * 2)
  pen.fillStyle = mapColour.halo
  pen.globalAlpha = 0.8
  pen.fill()
  pen.globalAlpha = 1
  pen.beginPath()
  pen.arc(0, 0, 12, 0, Math.PI * 2)
  pen.fillStyle = gone ? colour.ground : over ? colour.text : colour.panel
  pen.fill()
  pen.lineWidth = 2
  pen.strokeStyle = gone ? colour.faint : over ? colour.text : colour.quiet
  if (ring === 'stale') pen.setLineDash([3.4, 2.8])
  if (over && ring === 'stale') {
    pen.beginPath()
    pen.arc(0, 0, 14, 0, Math.PI * 2)
  }
  pen.stroke()
  pen.setLineDash([])
  pen.translate(-10.4, -10.4)
  pen.scale(0.65, 0.65)
  pen.lineCap = pen.lineJoin = 'round'
  pen.lineWidth = 2.8
  pen.strokeStyle = gone ? colour.faint : over ? colour.ground : colour.text
  pen.stroke(new Path2D(GAUGE_MARK[element] ?? 'M16 10v12'))
}

export function hazardMark(pen: Pen, [shape = '', shade = '', fill = '', glyph = '', doubt = '']: string[], family: string): void {
  const outline = new Path2D(HAZARD_OUTLINE[shape as keyof typeof HAZARD_OUTLINE] ?? HAZARD_OUTLINE.zone)
  const [ink, known] = [shadeColour(shade), shade in colour.warning]
  const hatched = fill === 'hatch'
  pen.save()
  pen.translate(-15, -16)
  pen.scale(0.94, 0.94)
  pen.lineJoin = 'round'
  pen.lineWidth = 6
  pen.strokeStyle = mapColour.halo
  pen.stroke(outline)
  pen.fillStyle = known && !hatched ? ink : colour.ground
  pen.fill(outline)
  if (known && hatched) {
    pen.save()
    pen.clip(outline)
    pen.lineWidth = 2.2
    pen.strokeStyle = ink
    for (let x = -32; x < 32; x += 5.5) {
      pen.beginPath()
      pen.moveTo(x, 32)
      pen.lineTo(x + 32, 0)
      pen.stroke()
    }
    pen.restore()
  }
  pen.lineWidth = 2.4
  pen.strokeStyle = ink
  if (doubt) pen.setLineDash([5, 3.6])
  pen.stroke(outline)
  pen.restore()
  const low = shape === 'zone' ? 3.4 : 1.8
  if (hatched && glyph) {
    pen.beginPath()
    pen.arc(0, low - 0.5, 8.2, 0, Math.PI * 2)
    pen.fillStyle = colour.ground
    pen.fill()
  }
  pen.fillStyle = known && !hatched ? (INK_ON[shade] ?? colour.text) : known ? colour.text : colour.quiet
  pen.font = `500 ${shape === 'zone' ? 12 : 14}px '${family}', sans-serif`
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(glyph, 0, low)
}
