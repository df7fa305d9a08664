import { describe, expect, it } from 'vitest'
import type { AreasRain } from '@/api/hazards'
import { rainFigure, townRows } from './town'

describe('the rain of towns', () => {
  const rain = [{ hours: 1, mm: 0 }, { hours: 3, mm: 12.3 }, { hours: 24, mm: null }]
  const found: AreasRain = { method: 'idw', computed_at: '2026-07-30T06:00:00Z', areas: [{ code: '330106010', name: '演示镇1', rain }], unknown: {} }
  it('that is not known stays unknown, and none is nought', () => {
    expect(townRows(found, { 330106010: 'Town 1' })).toEqual([{ code: '330106010', name: '演示镇1', nameEn: 'Town 1', mm: [0, 12.3, null] }])
    expect(townRows({ ...found, areas: [{ ...found.areas[0]!, rain: [] }] })[0]?.mm).toEqual([null, null, null])
    expect(townRows(null)).toEqual([])
  })
  it('reads in whole millimetres from ten on', () => {
    expect([0, 0.42, 2, 9.94, 12.3, 87.6].map(rainFigure)).toEqual(['0', '0.4', '2', '9.9', '12', '88'])
  })
})
