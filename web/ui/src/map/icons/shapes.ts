/** The drawn symbols, as SVG paths in a 32 × 32 box: one source for the map's canvas icons and the panels' SVG. */
import type { IncidentKind } from '@/api/types'

export interface Shape {
  /** The outline that says the kind. */
  outline: string
  /** What stands inside it, stroked. */
  mark: string
}

export const INCIDENT_SHAPE: Record<IncidentKind, Shape> = {
  flood: {
    outline: 'M16 1.5C16 1.5 4.5 12.6 4.5 19.5A11.5 11 0 0 0 27.5 19.5C27.5 12.6 16 1.5 16 1.5Z',
    mark: 'M9.5 17.5q2.2-2.4 4.3 0t4.4 0 4.3 0M9.5 22.5q2.2-2.4 4.3 0t4.4 0 4.3 0',
  },
  city_fire: {
    outline: 'M16 .8 31.2 16 16 31.2.8 16Z',
    mark: 'M16 23.5c-3.6 0-5.2-2.4-5.2-4.8 0-3.4 3.4-4.4 4.2-9.4 3.4 2 3.2 4.6 3 6 .9-.3 1.4-1.200 1.500-2 1.200 1.400 1.700 3.200 1.700 5.200 0 2.800-1.900 5-5.200 5Z',
  },
  forest_fire: {
    outline: 'M16 1 31 29.500H1Z',
    mark: 'M16 10.500 20.800 18h-2.300l3.300 5H10.200l3.300-5h-2.300ZM16 23v3.500',
  },
  geohazard: {
    outline: 'M9 4H23L31.500 28.500H.5Z',
    mark: 'M8.500 24 15 11l3 5 2-2.500 4 10.500M13 23.500h.1M18 20.500h.1',
  },
  other: {
    outline: 'M10 1.500H22L30.500 10V22L22 30.500H10L1.500 22V10Z',
    mark: 'M16 8v10.500M16 23.500v.2',
  },
}

/** One character a kind of team; a kind that nobody foresaw shows its own first character. Longer kinds first. */
const TEAM_GLYPHS: readonly (readonly [string, string])[] = [
  ['综合性消防', '消'], ['政府专职', '专'], ['半专业森林', '森'], ['专业森林', '林'], ['森林', '林'], ['防汛', '汛'], ['排涝', '排'],
  ['应急抢险', '抢'], ['危化', '危'], ['医疗', '医'], ['电力', '电'], ['燃气', '气'], ['通信', '通'], ['社会', '社'], ['民兵', '兵'],
]

export function teamGlyph(kind: string): string {
  return TEAM_GLYPHS.find(([part]) => kind.includes(part))?.[1] ?? [...kind][0]?.toUpperCase() ?? '队'
}
