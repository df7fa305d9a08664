import { describe, expect, it } from 'vitest'
import type { Dispatch, Incident, Offer, Team } from '@/api/types'
import { incidentFeatures, ringOf, routeFeatures, sceneSlots, signPoint, teamFeatures } from './live'
import { shortName, shortNo } from './text'

const route = { type: 'LineString' as const, coordinates: [[120, 30], [120.1, 30]] }

describe('the live layers', () => {
  it('say kind, state and freshness in the icon', () => {
    const row = { id: 'a', kind: 'flood', state: 'reported', no: '2026-007', title: '积水', lon: 120, lat: 30, grade: 'major' } as Incident
    const [drawn] = incidentFeatures([row], ringOf('stale'), 'a').features
    expect(drawn?.properties).toMatchObject({ icon: 'incident:flood:reported:stale', short: '7', label: '7 积水', chosen: true })
  })
  it('draw routes of teams on their way only, and the chosen offer above the others', () => {
    const row = (id: string, state: Dispatch['state'], route_valid = true) => ({ id, state, route, route_valid }) as Dispatch
    const offer = (team_id: string) => ({ team_id, route }) as Offer
    const drawn = routeFeatures(
      [row('a', 'departed'), row('b', 'arrived'), row('c', 'ordered', false), { ...row('d', 'ordered'), route: null }],
      [offer('t1'), offer('t2')], 't1',
    )
    expect(drawn.features.map((f) => [f.properties?.id, f.properties?.role])).toEqual([
      ['t2', 'other'], ['a', 'open'], ['c', 'invalid'], ['t1', 'offer'],
    ])
  })
  it('set teams at one scene round it, in order of arrival', () => {
    const team = (id: string, state: Team['state'], lon = 120) => ({ id, code: id, state, lon, lat: 30, name: id, kind: '' }) as Team
    const there = (team_id: string, arrived_at: string) => ({ team_id, arrived_at }) as Dispatch
    const teams = [team('a', 'working'), team('b', 'on_scene'), team('c', 'on_scene', 121), team('d', 'standby')]
    const slots = sceneSlots(teams, [there('a', '2026-07-30T02'), there('b', '2026-07-30T01'), there('c', '2026-07-30T03')])
    expect([...slots]).toEqual([['b', 1], ['a', 2], ['c', 1]])
    expect(teamFeatures(teams, 'fresh', '').features.map((f) => f.properties?.slot)).toEqual([1, 2, 1, 0])
  })
  it('say at a team under way when it arrives, in Beijing time', () => {
    const on = (team_id: string, state: Dispatch['state'], route_valid = true) => ({ team_id, state, route_valid, eta_at: '2026-07-30T06:32:40Z' }) as Dispatch
    const teams = ['a', 'b', 'c', 'd'].map((id) => ({ id, code: id, name: id, kind: 'fire', state: 'en_route', lon: 120, lat: 30 }) as Team)
    const dispatches = [on('a', 'departed'), on('b', 'departed', false), on('c', 'acknowledged')]
    expect(teamFeatures(teams, 'fresh', '', dispatches).features.map((f) => f.properties?.eta)).toEqual(['14:32', undefined, undefined, undefined])
  })
  it('put the sign in the middle of a closed road', () => {
    expect(signPoint([[[0, 0], [2, 0]]])).toEqual([1, 0])
    expect(signPoint([[[0, 0], [5, 0], [6, 0]]])).toEqual([5, 0])
    expect(signPoint([])).toBeNull()
  })
})

it('names are short on the map', () => {
  expect(shortNo('2026-0730-012')).toBe('12')
  expect(shortNo(5)).toBe('5')
  expect(shortName('西湖区排涝抢险中队')).toBe('排涝抢险队')
  expect(shortName('一队')).toBe('一队')
})
