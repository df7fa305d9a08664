import { expect, it } from 'vitest'
import type { Dispatch } from '@/api/types'
import { secondsLeft, unsignedMinutes, watchedFirst } from './eta'

const t0 = Date.parse('2026-07-30T14:00:00+08:00')
const row = (state: Dispatch['state']) =>
  ({ state, ordered_at: new Date(t0).toISOString(), eta_at: new Date(t0 + 600_000).toISOString(), travel_s: 480 }) as Dispatch

it('a team that has not departed has its whole way before it', () => {
  expect(secondsLeft(row('ordered'), t0)).toBe(600)
  expect(secondsLeft(row('ordered'), t0 + 300_000)).toBe(480)
  expect(secondsLeft(row('acknowledged'), t0 + 3_600_000)).toBe(480)
})

it('only a departed team counts down, and past its time', () => {
  expect(secondsLeft(row('departed'), t0 + 300_000)).toBe(300)
  expect(secondsLeft(row('departed'), t0 + 660_000)).toBe(-60)
})

it('an order is to be acknowledged within two minutes', () => {
  expect(unsignedMinutes(row('ordered'), t0 + 119_000)).toBe(0)
  expect(unsignedMinutes(row('ordered'), t0 + 120_000)).toBe(2)
  expect(unsignedMinutes(row('ordered'), t0 + 299_000)).toBe(4)
  expect(unsignedMinutes(row('acknowledged'), t0 + 299_000)).toBe(0)
})

it('a team without a way comes first, then those under way', () => {
  const some = (id: string, state: Dispatch['state'], route_valid = true) => ({ id, state, route_valid }) as Dispatch
  const rows = [some('a', 'working'), some('b', 'ordered'), some('c', 'departed', false), some('d', 'departed')]
  expect(watchedFirst(rows).map((one) => one.id)).toEqual(['c', 'b', 'd', 'a'])
})
