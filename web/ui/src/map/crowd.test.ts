import type { Feature, Point } from 'geojson'
import { describe, expect, it } from 'vitest'
import { crowd } from './crowd'

const at = (lon: number, kind = 'hazard', quiet = false): Feature<Point> => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [lon, 30] }, properties: { kind, quiet } })
const quiet = (one: Feature<Point>) => one.properties?.quiet === true
/** Pixels between two longitudes are 512 · 2^zoom / 360 a degree: 1456 at zoom 10. */
const PX = 360 / (512 * 2 ** 10)

describe('marks that lie on each other', () => {
  it('leave the place to the first, which counts its own kind alone', () => {
    const marks = [at(120), at(120 + 10 * PX), at(120 + 20 * PX), at(120 + 5 * PX, 'gauge'), at(120 + 90 * PX, 'gauge')]
    expect(crowd(marks, 10, 30, quiet).map((one) => [one.small, one.behind])).toEqual([[false, 2], [true, 0], [true, 0], [true, 0], [false, 0]])
  })
  it('stand apart when the map is near', () => {
    const near = crowd([at(120), at(120 + 10 * PX)], 12, 30, quiet)
    expect(near).toEqual([{ small: false, behind: 0 }, { small: false, behind: 0 }])
  })
  it('that are quiet stay small and take no place', () => {
    const marks = crowd([at(120, 'hazard', true), at(120)], 10, 30, quiet)
    expect(marks).toEqual([{ small: true, behind: 0 }, { small: false, behind: 0 }])
  })
})
