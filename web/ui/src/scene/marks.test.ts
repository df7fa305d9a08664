import { expect, it } from 'vitest'
import { geometryOf, placesOf, sketchOf } from './marks'

const at = [[120, 30], [121, 30], [121, 31]]

it('corners make what the kind is drawn as, once there are enough', () => {
  expect(geometryOf('Polygon', at)).toEqual({ type: 'Polygon', coordinates: [[...at, at[0]]] })
  expect(geometryOf('Polygon', at.slice(1))).toBeNull()
  expect(geometryOf('LineString', at)).toEqual({ type: 'LineString', coordinates: at })
  expect(geometryOf('Point', at.slice(2))).toEqual({ type: 'Point', coordinates: at[2] })
  expect(sketchOf('Polygon', at.slice(1)).map((one) => one.type)).toEqual(['LineString', 'Point', 'Point'])
  expect(placesOf({ type: 'Polygon', coordinates: [at] })).toEqual(at)
})
