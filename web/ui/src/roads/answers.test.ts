import { describe, expect, it } from 'vitest'
import type { Areas, Cell, Coverage, Dependences, Island, Judged, Routes } from '@/api/ways'
import { readMinutes } from './areas'
import { cellState, share } from './coverage'
import { areaFeatures, bandOpacities, cellFeatures, islandFeatures, shelterFeatures, singleFeatures, wayFeatures } from './features'
import { islandWords } from './islandWords'
import { newIslands } from './islands'
import { inForce } from './parameters'
import { closureKey } from './question'

const square = { type: 'Polygon' as const, coordinates: [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]] }
const line = { type: 'LineString' as const, coordinates: [[0, 0], [1, 1]] }

describe('what a person types', () => {
  it('as minutes is put in order, each once', () => {
    expect(readMinutes('15， 5、10 5')).toEqual([5, 10, 15])
    for (const text of ['', '0', '5, x', '241', '1 2 3 4 5 6 7']) expect(readMinutes(text)).toBeNull()
  })
})

describe('islands', () => {
  const island = (...road_ids: number[]) => ({ road_ids, persons: 1234, villages: [], area: square }) as unknown as Island
  it('are new where any of their roads was on none before', () => {
    expect(newIslands([island(1, 2, 3)], [island(1, 2), island(3)])).toEqual([])
    expect(newIslands([island(1)], [island(1, 2)])).toHaveLength(1)
    expect(newIslands([], [island(4)])).toHaveLength(1)
  })
  it('are named by their villages, and bear their label inside', () => {
    const say = (key: string, values: Record<string, unknown>) => `${key}${values.n ?? ''}`
    expect(islandWords({ persons: 1234, villages: [{ name: '甲村', persons: 3 }, { name: '乙村', persons: 4 }] }, say, 'zh')).toBe('甲村、乙村 roads.persons1,234')
    expect(islandFeatures([island(1)], () => '孤岛').features[1]).toMatchObject({ geometry: { coordinates: [1, 1] }, properties: { label: '孤岛' } })
  })
  it('a set of closures has one name in any order', () => {
    expect(closureKey(['b', 'a'])).toBe(closureKey(new Set(['a', 'b'])))
  })
})

describe('on the map', () => {
  const end = { lon: 1, lat: 2, name: '' }
  it('the chosen way lies above the others, its leg on foot told apart', () => {
    const way = (...profiles: string[]) => ({ legs: profiles.map((profile) => ({ profile, route: line })) })
    const answer = { ways: [way('drive', 'walk'), way('drive')] } as unknown as Routes
    const { features } = wayFeatures(answer, 0, [{ end, label: '起点' }, { end: null, label: '终点' }], (id) => id === 'walk')
    expect(features.map((one) => one.properties)).toEqual([{ chosen: false, foot: false }, { chosen: true, foot: false }, { chosen: true, foot: true }, { label: '起点' }])
  })
  it('near bands lie upon wide ones and look denser', () => {
    const answer = { areas: [{ minutes: 5, area: square }, { minutes: 30, area: square }] } as unknown as Areas
    expect(areaFeatures(answer, null).features.map((one) => one.properties?.minutes)).toEqual([30, 5])
    const [near, wide] = bandOpacities(2)
    expect(near).toBeGreaterThan(wide!)
  })
  it('a chosen village shows its single roads', () => {
    const answer = { villages: [{ village: '甲', roads: line, lon: 0, lat: 0 }, { village: '乙', roads: line, lon: 1, lat: 1 }] } as unknown as Dependences
    expect(singleFeatures(answer, -1, String).features).toHaveLength(2)
    expect(singleFeatures(answer, 1, String).features.map((one) => one.properties?.chosen)).toEqual([undefined, false, true])
  })
  it('cells show who is housed, who finds no room and who is too far', () => {
    const cell = (unmet: number, metres: number | null): Cell => [0, 0, 10, unmet, metres]
    expect([cell(0, 900), cell(4, 900), cell(10, null), cell(10, 1001)].map((one) => cellState(one, 1000))).toEqual(['housed', 'full', 'far', 'far'])
    const parameters = [{ key: 'shelter.service_distance[town]', value: 500, document: '', is_demo: false }]
    const shelters = [{ code: 'S1', name: '甲', eligible: true, assigned: 5, capacity: null, lon: 0, lat: 0 }] as unknown as Judged[]
    const answer = { cells: [cell(0, 900)], parameters, shelters } as unknown as Coverage
    expect(cellFeatures(answer).features[0]?.properties?.state).toBe('far')
    expect(shelterFeatures(answer).features[0]?.properties).toEqual({ id: 'S1', counts: true, label: '甲 5/–' })
    expect([share(685, 725), share(0, 0)]).toEqual(['94.5', '–'])
  })
})

it('of the versions of a parameter the one in force counts', () => {
  const row = (value: string, in_force_from: string | null, in_force_to: string | null = null) => ({ values: { key: 'k', value, in_force_from, in_force_to } })
  expect(inForce([row('3', '2026-04-01'), row('2', '2025-01-01'), row('9', '2027-01-01'), row('1', null, '2025-12-31')] as never, '2026-11-24')).toEqual({ k: '3' })
})
