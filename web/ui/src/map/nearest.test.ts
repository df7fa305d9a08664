import { expect, it } from 'vitest'
import { nearestOn } from './nearest'

const flat = {
  project: ([x, y]: [number, number]) => ({ x, y }),
  unproject: ([lng, lat]: [number, number]) => ({ lng, lat }),
}

it('finds the point of a road under a click', () => {
  const spot = nearestOn(flat, { x: 5, y: 2 }, { type: 'LineString', coordinates: [[0, 0], [10, 0]] })
  expect(spot).toMatchObject({ away: 2, at: [5, 0] })
})
it('keeps off the junction', () => {
  const spot = nearestOn(flat, { x: 0, y: 0 }, { type: 'MultiLineString', coordinates: [[[0, 0], [10, 0]]] })
  expect(spot?.at[0]).toBeCloseTo(0.4)
})
it('finds nothing on a point', () => {
  expect(nearestOn(flat, { x: 0, y: 0 }, { type: 'Point', coordinates: [0, 0] })).toBeNull()
})
