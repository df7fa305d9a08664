/** The marks of registers: the shape and colour say the group, a character the register. */
import type { LegendEntry } from '@/api/types'
import { colour, mapColour } from '@/style/tokens'

/** One character a register; a register that nobody foresaw shows its mark alone. */
const GLYPH: Record<string, string> = {
  geohazard_point: '灾', cut_slope_house: '坡', waterlogging_point: '涝', reservoir: '库', sluice: '闸', key_village: '村', dilapidated_house: '危', old_compound: '旧',
  construction_site: '工', historical_disaster: '史', fire_point: '火', water_point: '水', lookout: '望', checkpoint: '卡', chemical_site: '化', gas_station: '油',
  gas_supply_point: '气', protected_target: '护', enterprise: '企', risk_point: '险', flood_danger: '汛', shelter: '避', team: '队', vehicle: '车', supply_depot: '仓',
  medical_facility: '医', fire_station: '消', helipad: '机', staging_area: '集', gauge: '测', sensor: '感', camera: '视', command_post: '指', at_risk_household: '户',
}
export const glyphOf = (register: string) => GLYPH[register] ?? ''

/** Outlines in a 32 × 32 box; characters stand a little lower in a triangle. */
export const OUTLINE: Record<string, string> = {
  circle: 'M16 3.5a12.5 12.5 0 1 1 0 25a12.5 12.5 0 1 1 0-25Z',
  square: 'M7 4.5H25Q27.5 4.5 27.5 7V25Q27.5 27.5 25 27.5H7Q4.5 27.5 4.5 25V7Q4.5 4.500 7 4.500Z',
  diamond: 'M16 1.500 30.500 16 16 30.500 1.500 16Z',
  triangle: 'M16 2 31 28.500H1Z',
}

/** The name of a register's image: as a plain dot when far away, with its character when near. */
export function iconName(register: string, mark: LegendEntry | undefined, near: boolean): string {
  const shape = mark && mark.mark in OUTLINE ? mark.mark : 'circle'
  return `register:${shape}:${mark?.color || colour.quiet}:${near ? glyphOf(register) : ''}`
}

export function registerMark(pen: CanvasRenderingContext2D, shape: string, ink: string, glyph: string, family: string): void {
  const outline = new Path2D(OUTLINE[shape] ?? OUTLINE.circle)
  pen.save()
  pen.translate(-12, -12)
  pen.scale(0.75, 0.75)
  pen.lineJoin = 'round'
  pen.lineWidth = 5
  pen.strokeStyle = mapColour.halo
  pen.stroke(outline)
  pen.fillStyle = glyph ? colour.panel : ink
  pen.fill(outline)
  pen.lineWidth = 2
  pen.strokeStyle = ink
  pen.stroke(outline)
  pen.restore()
  if (!glyph) return
  pen.fillStyle = ink
  pen.font = `500 ${shape === 'triangle' ? 10 : 12}px '${family}', sans-serif`
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(glyph, 0, shape === 'triangle' ? 3.2 : 0.8)
}

/** A hatch in one colour, for areas that the base map must show through. */
export function colourHatch(pen: CanvasRenderingContext2D, side: number, ink: string): void {
  pen.translate(-side / 2, -side / 2)
  pen.strokeStyle = ink
  pen.lineWidth = 1
  for (let x = -side; x <= side; x += side / 2) {
    pen.beginPath()
    pen.moveTo(x, side)
    pen.lineTo(x + side, 0)
    pen.stroke()
  }
}
