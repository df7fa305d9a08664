import type { Feature } from 'geojson'
import { expect, it } from 'vitest'
import { changesOf } from './changes'
import { collection } from './live'

const at = (id: string, lon: number, state = 'fresh'): Feature => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [lon, 30] }, properties: { id, state } })

it('names what came, moved, looks otherwise or went, and nothing else', () => {
  const before = collection([at('a', 1), at('b', 2), at('c', 3), at('d', 4)])
  const after = collection([at('a', 1), at('b', 2.5), at('c', 3, 'stale'), at('e', 5)])
  expect(changesOf(before, after)).toEqual({
    add: [after.features[2], after.features[3]], update: [{ id: 'b', newGeometry: after.features[1]!.geometry }], remove: ['d'],
  })
  expect(changesOf(after, after)).toEqual({ add: [], update: [], remove: [] })
})

it('gives up where names are missing or come twice', () => {
  expect(changesOf(collection([]), collection([at('a', 1), at('a', 2)]))).toBeNull()
  expect(changesOf(collection([{ ...at('a', 1), properties: {} }]), collection([]))).toBeNull()
})
