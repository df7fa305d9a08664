import { expect, it } from 'vitest'
import type { RoadDraft } from '@/stores/work'
import { closureOrder } from './closureOrder'

const draft = (more: Partial<RoadDraft> = {}): RoadDraft => ({
  lon: 120, lat: 30, road: '路', roadId: 7, reason: ' 积水 ', scope: 'all', kinds: [], depth: '', slower: '', ...more,
})

it('a usual closure stops everybody, whatever was once typed for a limit', () => {
  expect(closureOrder(draft({ kinds: ['ambulance'], depth: 'x' }))).toEqual({ lon: 120, lat: 30, road_id: 7, reason: '积水', closed_for: ['*'], slower: 1 })
  expect(closureOrder(draft({ lon: null }))).toBe('closure.pick')
  expect(closureOrder(draft({ reason: ' ' }))).toBe('closure.need')
})

it('a limit needs something that limits', () => {
  const some = (more: Partial<RoadDraft>) => closureOrder(draft({ scope: 'some', ...more }))
  expect(some({ kinds: ['ambulance'], depth: '30', slower: '3' })).toMatchObject({ closed_for: ['ambulance'], depth_cm: 30, slower: 3 })
  expect(some({ slower: '2' })).toMatchObject({ closed_for: [], depth_cm: null, slower: 2 })
  expect(some({})).toBe('limit.need')
  expect(some({ depth: 'deep' })).toBe('limit.wrongDepth')
  expect(some({ slower: '0.5' })).toBe('limit.wrongSlower')
})
