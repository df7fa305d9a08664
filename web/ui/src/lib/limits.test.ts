import { expect, it } from 'vitest'
import { figure, isFull, limitParts } from './limits'

const name = (kind: string) => ({ ambulance: '救护车', walk: '行人' })[kind] ?? kind
const row = (closed_for: string[], slower = 1, depth_m: number | null = null) => ({ closed_for, slower, depth_m })

it('a closure says in words whom it stops', () => {
  expect(isFull(row(['*']))).toBe(true)
  expect(limitParts(row(['*'], 3, 0.3), name, '、')).toEqual([['full', '']])
  expect(limitParts(row(['ambulance', 'walk'], 3, 0.3), name, '、')).toEqual([['stops', '救护车、行人'], ['depth', '30'], ['slower', '3']])
  expect(limitParts(row([], 1.5), name, '、')).toEqual([['slower', '1.5']])
})

it('a figure is read only within its bounds', () => {
  expect(figure(' 30 ', 1, 1000)).toBe(30)
  for (const text of ['', ' ', '0', '1001', '三十', '1e9']) expect(figure(text, 1, 1000)).toBeNull()
})
