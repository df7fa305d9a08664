import { expect, it } from 'vitest'
import { oneTileZoom } from './sources'

it('finds the zoom at which one tile holds the district', () => {
  expect(oneTileZoom([-179, -80, 179, 80])).toBe(0)
  expect(oneTileZoom([120.01, 30.1, 120.02, 30.11])).toBeGreaterThan(9)
})
