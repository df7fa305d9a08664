import { expect, it } from 'vitest'
import { addressOf, freshView, isFiltered, queryOf, range, searchOf, viewOf, type View } from './filter'

const view: View = {
  q: ' 山塘 ', towns: ['330106101'], where: { grade: ['小二型', ''], kind: [] }, box: [120, 30.1, 120.2, 30.3], at: '2026-07-30T14:00',
  closed: true, order: 'capacity_m3', descending: true, page: 2, row: 'a-b',
}

it('asks the server for what is set, and nothing else', () => {
  expect(queryOf(freshView())).toEqual({})
  expect(queryOf(view)).toEqual({
    q: '山塘', town: ['330106101'], where: ['grade:小二型', 'grade:'], box: '120,30.1,120.2,30.3', at: '2026-07-30T14:00:00+08:00', closed: true,
  })
  expect(searchOf(queryOf(view)).getAll('where')).toEqual(['grade:小二型', 'grade:'])
})

it('goes into the address bar and comes back', () => {
  expect(addressOf(freshView())).toBe('')
  const { kind: _, ...where } = view.where
  expect(viewOf(addressOf(view))).toEqual({ ...view, q: '山塘', where })
})

it('shrugs at an address that makes no sense', () => {
  expect(viewOf('?box=1,2,x,4&page=-3&at=gestern&where=nocolon')).toEqual(freshView())
})

it('knows when rows are left out', () => {
  expect(isFiltered(freshView())).toBe(false)
  expect(isFiltered({ ...freshView(), where: { kind: [] } })).toBe(false)
  expect(isFiltered({ ...freshView(), where: { kind: [''] } })).toBe(true)
})

it('takes in all rows between, up or down', () => {
  const ids = ['a', 'b', 'c', 'd']
  expect(range(ids, 'b', 'd')).toEqual(['b', 'c', 'd'])
  expect(range(ids, 'c', 'a')).toEqual(['a', 'b', 'c'])
  expect(range(ids, 'gone', 'c')).toEqual(['c'])
  expect(range(ids, 'a', 'gone')).toEqual([])
})
