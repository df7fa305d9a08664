/** Draws the map's symbols on canvas. An image's name says all: `incident:flood:reported:fresh`. */
import type { IncidentKind, TeamState } from '@/api/types'
import { colour, font, mapColour } from '@/style/tokens'
import { cycloneMark } from './cyclone'
import { fivePattern } from './five'
import { gaugeMark, hazardMark } from './hazard'
import { colourHatch, registerMark } from './register'
import { INCIDENT_SHAPE, teamGlyph } from './shapes'

type Pen = CanvasRenderingContext2D
export type Ring = 'fresh' | 'stale' | 'unknown'

function ringOf(pen: Pen, radius: number, ring: string, ink: string): void {
  pen.save()
  pen.beginPath()
  pen.arc(0, 0, radius, 0, Math.PI * 2)
  pen.lineWidth = 1.6
  pen.strokeStyle = ring === 'unknown' ? colour.faint : ink
  if (ring === 'stale') pen.setLineDash([4, 3.4])
  pen.globalAlpha = ring === 'unknown' ? 0.7 : 0.9
  pen.stroke()
  pen.restore()
}

function incident(pen: Pen, kind: string, state: string, ring: string): void {
  const shape = INCIDENT_SHAPE[kind as IncidentKind] ?? INCIDENT_SHAPE.other
  const waiting = state === 'reported'
  pen.beginPath()
  pen.arc(0, 0, 26, 0, Math.PI * 2)
  pen.fillStyle = 'rgb(10 18 28 / 72%)'
  pen.fill()
  ringOf(pen, 26, ring, colour.text)
  pen.translate(-17, -17.5)
  pen.scale(34 / 32, 34 / 32)
  const outline = new Path2D(shape.outline)
  pen.lineJoin = 'round'
  pen.lineCap = 'round'
  pen.fillStyle = waiting ? colour.text : colour.panel
  pen.fill(outline)
  pen.lineWidth = 2.4
  pen.strokeStyle = colour.text
  pen.stroke(outline)
  pen.lineWidth = 2.2
  pen.strokeStyle = waiting ? colour.ground : colour.text
  pen.stroke(new Path2D(shape.mark))
}

interface TeamLook {
  fill: string
  edge: string
  ink: string
  half?: boolean
  slash?: boolean
  dot?: boolean
}
export const TEAM_LOOK: Record<TeamState, TeamLook> = {
  standby: { fill: colour.raised, edge: colour.quiet, ink: colour.text },
  mustering: { fill: colour.raised, edge: colour.accent, ink: colour.text, half: true },
  en_route: { fill: colour.accent, edge: colour.accent, ink: colour.ground },
  on_scene: { fill: colour.raised, edge: colour.success, ink: colour.success, half: true },
  working: { fill: colour.success, edge: colour.success, ink: colour.ground },
  resting: { fill: colour.line, edge: colour.line, ink: colour.quiet },
  unavailable: { fill: colour.ground, edge: colour.faint, ink: colour.faint, slash: true },
}

function team(pen: Pen, kind: string, state: string, ring: string): void {
  const look = TEAM_LOOK[state as TeamState] ?? TEAM_LOOK.unavailable
  pen.beginPath()
  pen.arc(0, 0, 18, 0, Math.PI * 2)
  pen.fillStyle = 'rgb(10 18 28 / 62%)'
  pen.fill()
  ringOf(pen, 18, ring, look.edge)
  pen.beginPath()
  pen.roundRect(-11.5, -11.5, 23, 23, 4)
  pen.fillStyle = look.fill
  pen.fill()
  if (look.half) {
    pen.save()
    pen.clip()
    pen.fillStyle = look.edge
    pen.globalAlpha = 0.38
    pen.fillRect(-12, 1, 24, 12)
    pen.restore()
  }
  pen.lineWidth = 2
  pen.strokeStyle = look.edge
  pen.stroke()
  pen.fillStyle = look.ink
  pen.font = `500 15px '${font.map}', sans-serif`
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(teamGlyph(kind), 0, 0.8)
  if (look.slash) line(pen, [-12, 12, 12, -12], colour.faint, 2)
}

/** A phone: filled where its place is fresh, hollow where it is old. */
function device(pen: Pen, ring: string): void {
  pen.beginPath()
  pen.arc(0, 0, 10, 0, Math.PI * 2)
  pen.fillStyle = mapColour.halo
  pen.fill()
  ringOf(pen, 10, ring, colour.accent)
  pen.beginPath()
  pen.roundRect(-3.2, -5.5, 6.4, 11, 1.6)
  pen.fillStyle = ring === 'fresh' ? colour.accent : mapColour.halo
  pen.fill()
  pen.lineWidth = 1.4
  pen.strokeStyle = ring === 'unknown' ? colour.faint : colour.accent
  pen.stroke()
}

function line(pen: Pen, [x0, y0, x1, y1]: [number, number, number, number], ink: string, width: number): void {
  pen.beginPath()
  pen.moveTo(x0, y0)
  pen.lineTo(x1, y1)
  pen.lineWidth = width
  pen.strokeStyle = ink
  pen.stroke()
}

/** Filled where its capacity is known, hollow where it is not, grey and struck out where it does not count. */
function shelter(pen: Pen, look: string): void {
  const ink = look === 'out' ? colour.faint : mapColour.shelter
  const roof = new Path2D('M0 -10 11 -1H8V10H-8V-1H-11Z')
  pen.fillStyle = mapColour.halo
  pen.lineJoin = 'round'
  pen.lineWidth = 5
  pen.strokeStyle = mapColour.halo
  pen.stroke(roof)
  pen.fill(roof)
  pen.lineWidth = 1.8
  pen.strokeStyle = ink
  pen.stroke(roof)
  if (look === 'out') line(pen, [-9, 9, 9, -9], ink, 2)
  if (look) return
  pen.fillStyle = ink
  pen.fill(roof)
  pen.fillStyle = mapColour.halo
  pen.fill(new Path2D('M-3 10V3H3V10Z'))
}

function halo(pen: Pen): void {
  pen.beginPath()
  pen.arc(0, 0, 26, 0, Math.PI * 2)
  pen.fillStyle = colour.accent
  pen.globalAlpha = 0.16
  pen.fill()
  pen.globalAlpha = 1
  pen.lineWidth = 2
  pen.strokeStyle = colour.accent
  pen.stroke()
}

const TARGET_GLYPH: Record<string, string> = {
  school: '校', kindergarten: '幼', hospital: '医', clinic: '医', nursing_home: '养', elderly_home: '养', old_people_home: '养', care_home: '养',
  social_facility: '养', scenic: '景', heritage: '文', museum: '文', market: '市', mall: '商', station: '站', hazmat: '危', chemical: '危',
  gas_station: '油', fuel: '油', reservoir: '库', substation: '电', subway: '铁', government: '政', university: '学', underpass: '涵', village: '村',
}
function target(pen: Pen, kind: string): void {
  pen.beginPath()
  pen.arc(0, 0, 9, 0, Math.PI * 2)
  pen.fillStyle = mapColour.halo
  pen.fill()
  pen.lineWidth = 1.3
  pen.strokeStyle = mapColour.target
  pen.stroke()
  pen.fillStyle = mapColour.target
  pen.font = `500 11px '${font.map}', sans-serif`
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.fillText(TARGET_GLYPH[kind] ?? ([...kind][0] ?? '•').toUpperCase(), 0, 0.6)
}

/** A bar for a road shut to all, a broken bar in a hollow sign for a limit. */
function closure(pen: Pen, limited: boolean): void {
  pen.beginPath()
  pen.arc(0, 0, 13, 0, Math.PI * 2)
  pen.fillStyle = mapColour.halo
  pen.fill()
  pen.beginPath()
  pen.arc(0, 0, 10, 0, Math.PI * 2)
  pen.fillStyle = limited ? colour.ground : colour.text
  pen.fill()
  pen.lineWidth = 2
  pen.strokeStyle = colour.text
  pen.stroke()
  pen.fillStyle = limited ? colour.text : colour.ground
  for (const x of limited ? [-5.5, 1] : [-7]) pen.fillRect(x, limited ? -1.6 : -2.4, limited ? 4.5 : 14, limited ? 3.2 : 4.8)
}

function arrow(pen: Pen): void {
  pen.lineCap = 'round'
  pen.lineJoin = 'round'
  pen.lineWidth = 2.4
  pen.strokeStyle = colour.text
  pen.stroke(new Path2D('M-3 -5 3 0 -3 5'))
}

function pin(pen: Pen): void {
  pen.translate(0, -20)
  const drop = new Path2D('M0 38C-4 28 -14 20 -14 8A14 14 0 0 1 14 8C14 20 4 28 0 38Z')
  pen.fillStyle = colour.accent
  pen.fill(drop)
  pen.lineWidth = 2
  pen.strokeStyle = colour.ground
  pen.stroke(drop)
  pen.beginPath()
  pen.arc(0, 8, 5, 0, Math.PI * 2)
  pen.fillStyle = colour.ground
  pen.fill()
}

function hatch(pen: Pen, side: number): void {
  pen.translate(-side / 2, -side / 2)
  for (let x = -side; x <= side; x += side / 2) line(pen, [x, side, x + side, 0], mapColour.admin, 0.9)
}

/** The image of this name, or null where the name is none of ours. */
export function drawIcon(name: string, scale: number, dpr: number): { image: ImageData; pixelRatio: number } | null {
  const [what, a = '', b = '', c = '', ...more] = name.split(':')
  const sides: Record<string, number> = { incident: 58, team: 40, shelter: 28, target: 22, closure: 28, arrow: 14, pin: 44, halo: 56, pattern: 16, register: 28, gauge: 32, hazard: 38, cyclone: 40, five: 16, device: 24 }
  const side = sides[what ?? '']
  if (!side) return null
  const pixels = Math.round(side * scale * dpr)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = pixels
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (!pen) return null
  pen.scale(pixels / side, pixels / side)
  pen.translate(side / 2, side / 2)
  if (what === 'incident') incident(pen, a, b, c)
  else if (what === 'team') team(pen, a, b, c)
  else if (what === 'shelter') shelter(pen, a)
  else if (what === 'device') device(pen, a)
  else if (what === 'target') target(pen, a)
  else if (what === 'closure') closure(pen, a === 'limit')
  else if (what === 'arrow') arrow(pen)
  else if (what === 'pin') pin(pen)
  else if (what === 'halo') halo(pen)
  else if (what === 'register') registerMark(pen, a, b, c, font.map)
  else if (what === 'gauge') gaugeMark(pen, a, b, c)
  else if (what === 'cyclone') cycloneMark(pen, a, b)
  else if (what === 'hazard') hazardMark(pen, [a, b, c, ...more], font.map)
  else if (what === 'five') fivePattern(pen, side, a)
  else if (a === 'hatch') hatch(pen, side)
  else colourHatch(pen, side, a)
  return { image: pen.getImageData(0, 0, pixels, pixels), pixelRatio: pixels / (side * scale) }
}
