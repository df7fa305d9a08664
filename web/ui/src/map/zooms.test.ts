import { describe, expect, it } from 'vitest'
import { atScale, moved } from './zooms'

describe('a larger screen', () => {
  it('shows at one zoom more what it showed before', () => {
    expect(moved(['interpolate', ['linear'], ['zoom'], 10, 0.7, 13, ['case', true, 1, 2]], 1)).toEqual(['interpolate', ['linear'], ['zoom'], 11, 0.7, 14, ['case', true, 1, 2]])
    expect(moved(['step', ['zoom'], 'a', 12.4, ['get', 'b'], 14, 'c'], 2)).toEqual(['step', ['zoom'], 'a', 14.4, ['get', 'b'], 16, 'c'])
  })
  it('moves nothing else', () => {
    const depth = ['interpolate', ['linear'], ['get', 'depth'], 3, 1, 5, 2]
    expect(moved(depth, 1)).toEqual(depth)
    expect(moved(['match', ['get', 'slot'], 1, ['literal', [3, 5]], ['literal', [0, 0]]], 1)).toEqual(['match', ['get', 'slot'], 1, ['literal', [3, 5]], ['literal', [0, 0]]])
  })
  it('takes the bounds of a layer along, and leaves pictures as they are', () => {
    const label = { type: 'symbol', minzoom: 13, layout: { 'text-size': ['step', ['zoom'], 1, 12, 2] } }
    expect(atScale(label, 2)).toEqual({ type: 'symbol', minzoom: 14, layout: { 'text-size': ['step', ['zoom'], 1, 13, 2] } })
    expect(atScale(label, 1)).toBe(label)
    const picture = { type: 'raster', minzoom: 11 }
    expect(atScale(picture, 2)).toBe(picture)
  })
})
