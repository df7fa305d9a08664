import type { MultiPolygon } from 'geojson'
import { expect, it } from 'vitest'
import { boundsOf, countOf, isEditable, joined, partsOf, rounded } from './shape'

const ring = (x: number) => [[x, 0], [x + 1, 0], [x + 1, 1], [x, 0]]
const two: MultiPolygon = { type: 'MultiPolygon', coordinates: [[ring(0)], [ring(5)]] }

it('comes apart and together again unchanged', () => {
  expect(joined('MULTIPOLYGON', partsOf(two))).toEqual(two)
  expect(joined('MULTILINESTRING', partsOf({ type: 'LineString', coordinates: ring(0) }))).toEqual({ type: 'MultiLineString', coordinates: [ring(0)] })
  expect(joined('POINT', partsOf({ type: 'MultiPoint', coordinates: [[1, 2], [3, 4]] }))).toEqual({ type: 'Point', coordinates: [3, 4] })
  expect(joined('POINT', [])).toBeNull()
})

it('does not reshape what it would spoil', () => {
  expect(isEditable(null, 'polygon')).toBe(true)
  expect(isEditable(two, 'polygon')).toBe(true)
  expect(isEditable({ type: 'Polygon', coordinates: [ring(0), ring(0)] }, 'polygon')).toBe(false)
  expect(isEditable(two, 'point')).toBe(false)
  expect(isEditable({ type: 'GeometryCollection', geometries: [] }, 'point')).toBe(false)
})

it('counts and bounds', () => {
  expect(countOf(two)).toEqual({ n: 2, v: 8 })
  expect(boundsOf([two, { type: 'Point', coordinates: [-1, 3] }])).toEqual([-1, 0, 6, 3])
  expect(boundsOf([])).toBeNull()
  expect(rounded({ type: 'Point', coordinates: [120.123456789, 30.1] }).coordinates).toEqual([120.1234568, 30.1])
})
