import { expect, test } from 'vitest'
import type { AccountRow } from '@/api/accounts'
import { matches, type Filter } from './store'

const row = { username: 'zt1', name: '演示甲', post: '转塘街道填报员', role: 'clerk', active: true } as AccountRow

test.each<[Partial<Filter>, boolean]>([
  [{}, true],
  [{ q: 'ZT' }, true],
  [{ q: '转塘 甲' }, true],
  [{ q: '转塘 乙' }, false],
  [{ role: 'clerk', state: 'active' }, true],
  [{ role: 'field' }, false],
  [{ state: 'disabled' }, false],
])('the filter %o finds the account: %s', (said, found) => {
  expect(matches(row, { q: '', role: '', state: '', ...said })).toBe(found)
})
