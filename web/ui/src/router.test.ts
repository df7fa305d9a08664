import { expect, test } from 'vitest'
import { goTo, LIVE, page, pageOf, pathOf, world, type Page } from './router'

test.each<[string, Page]>([
  ['/', { name: 'wall', world: LIVE }],
  ['/w/drill-rain', { name: 'wall', world: 'drill-rain' }],
  ['/screen', { name: 'screen', world: LIVE }],
  ['/screen/drill-rain', { name: 'screen', world: 'drill-rain' }],
  ['/field', { name: 'field', world: LIVE }],
  ['/field/drill-rain', { name: 'field', world: 'drill-rain' }],
  ['/admin/accounts', { name: 'accounts' }],
  ['/desk/duty', { name: 'desk', desk: 'duty' }],
  ['/registers', { name: 'registers', key: '' }],
  ['/registers/shelter', { name: 'registers', key: 'shelter' }],
])('%s names its page, and the page its address', (path, named) => {
  expect(pageOf(path)).toEqual(named)
  expect(pathOf(named)).toBe(path)
})

test('an address that names no page is the wall', () => {
  expect(pageOf('/w/%E0%A4%A')).toEqual({ name: 'wall', world: '%E0%A4%A' })
  expect(pageOf('/nowhere/at/all')).toEqual({ name: 'wall', world: LIVE })
})

test('a desk leads back to the wall it was opened from', () => {
  goTo({ name: 'wall', world: 'drill-rain' })
  goTo({ name: 'registers', key: 'shelter' })
  expect([page.value.name, world.value, location.pathname]).toEqual(['registers', 'drill-rain', '/registers/shelter'])
})
