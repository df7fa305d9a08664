import { expect, it } from 'vitest'
import { middleOf, namePoints, tilesOver } from './names'

const box = (x: number, y: number, w: number, h: number) => [[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]
const piece = (name: string, ring: number[][]) => ({
  type: 'Feature' as const, properties: { name }, geometry: { type: 'Polygon' as const, coordinates: [ring] },
})

it('names an area once, in its largest piece', () => {
  const { features } = namePoints([piece('湖', box(0, 0, 1, 1)), piece('湖', box(10, 10, 4, 4)), piece('镇', box(0, 0, 2, 2))])
  expect(features.map((f) => [f.properties?.name, f.geometry])).toEqual([
    ['湖', { type: 'Point', coordinates: [12, 12] }],
    ['镇', { type: 'Point', coordinates: [1, 1] }],
  ])
})

it('stays inside a bent area', () => {
  const bent = [[0, 0], [6, 0], [6, 1], [1, 1], [1, 5], [6, 5], [6, 6], [0, 6], [0, 0]]
  expect(middleOf(bent)).toEqual([0.5, 3])
})

it('knows the tiles over a box', () => {
  expect(tilesOver([119.99, 30.08, 120.16, 30.34], 10).length).toBeGreaterThan(0)
  expect(tilesOver([-179, -80, 179, 80], 1).length).toBe(4)
})
