import { describe, expect, it } from 'vitest'
import type { Series } from '@/api/hazards'
import type { GaugeNow, Hazard } from '@/api/types'
import { colour } from '@/style/tokens'
import { INK_ON, shadeColour } from '@/map/icons/hazard'
import { chartOption, missingIn, stepAt } from './chart'
import { alarming, freshnessOf, isOver, labelOf, rainIn, stateOf, valueOf } from './gauge'
import { hazardIcon, hazardsInOrder, lookOf, summed, toldOf } from './hazard'
import { beijing, freshWarning, localNow, warningOrder } from './warning'

const now = Date.parse('2026-07-30T14:00:00+08:00')
const gauge = (more: Partial<GaugeNow>) =>
  ({ code: 'R-07', name: '演示', element: 'rain', unit: 'mm', interval_s: 300, state: 'fresh', last_at: '2026-07-30T13:58:00+08:00', last_value: 1, quality: 'good', rain: [], ...more }) as GaugeNow
const hazard = (more: Partial<Hazard>) =>
  ({ id: 'key_village:V-07', register: 'key_village', code: 'V-07', state: 'safe', alarm: 'safe', unknown: false, colour: 'none', internal: false, households: 23, persons: 61, evidence: { gauges: ['R-07'] }, ...more }) as Hazard

describe('a gauge', () => {
  it('never shows a sum that is not known', () => {
    const rain = [{ hours: 1, mm: 12, coverage: 0.5, known: false }, { hours: 3, mm: 87, coverage: 1, known: true }]
    expect(rainIn(gauge({ rain }), 1)).toBeNull()
    expect(valueOf(gauge({ rain }))).toEqual({ figure: '87', unit: 'mm', hours: 3 })
    expect(labelOf(gauge({ rain }), 'fresh')).toBe('87 mm/3h')
    expect(valueOf(gauge({ rain: rain.map((one) => ({ ...one, known: false })) }))).toBeNull()
  })
  it('says nothing of itself while it is silent', () => {
    expect(labelOf(gauge({ element: 'depth', last_value: 0.42 }), 'fresh')).toBe('42 cm')
    expect(labelOf(gauge({ element: 'depth', last_value: 0.42 }), 'silent')).toBe('')
    expect(stateOf(gauge({}), { state: 'silent' } as never)).toBe('silent')
  })
  it('is over at its limit, of rain where an alarm hangs on it, and never by a reading in doubt', () => {
    const depth = gauge({ code: 'D-01', element: 'depth', last_value: 0.3 })
    expect(isOver(depth, 'fresh', 0.3, new Set())).toBe(true)
    expect(isOver(depth, 'fresh', 0.31, new Set())).toBe(false)
    expect(isOver(depth, 'silent', 0.3, new Set())).toBe(false)
    expect(isOver({ ...depth, quality: 'suspect' }, 'fresh', 0.3, new Set())).toBe(false)
    expect(isOver(depth, 'fresh', undefined, new Set())).toBe(false)
    expect(isOver(gauge({}), 'fresh', undefined, alarming([hazard({ alarm: 'prepare' })]))).toBe(true)
    expect(isOver(gauge({}), 'silent', undefined, alarming([hazard({ alarm: 'prepare' })]))).toBe(false)
    expect(isOver(gauge({}), 'fresh', undefined, alarming([hazard({ state: 'unknown' })]))).toBe(false)
  })
  it('grows stale after two intervals and is hollow when silent', () => {
    expect(freshnessOf(gauge({}), 'fresh', now)).toBe('fresh')
    expect(freshnessOf(gauge({}), 'fresh', now + 700_000)).toBe('stale')
    expect(freshnessOf(gauge({}), 'silent', now)).toBe('unknown')
    expect(freshnessOf(gauge({ last_at: null }), 'never', now)).toBe('unknown')
  })
})

describe('a zone or village', () => {
  it('is told by its alarm, then by its colour, and unknown is never safe', () => {
    expect(toldOf(hazard({ alarm: 'prepare', state: 'prepare', colour: 'orange' }))).toBe('prepare')
    expect(toldOf(hazard({ colour: 'red' }))).toBe('colour')
    expect(toldOf(hazard({ state: 'unknown', colour: 'unknown' }))).toBe('unknown')
  })
  it('is hatched where our own threshold alone says so, and broken where a part is not known', () => {
    expect(hazardIcon(lookOf(hazard({ alarm: 'prepare', colour: 'orange', internal: true })))).toBe('hazard:village:orange:hatch:准:')
    expect(hazardIcon(lookOf(hazard({ register: 'geohazard_zone', colour: 'red', unknown: true })))).toBe('hazard:zone:red:solid:警:doubt')
  })
  it('stands in order of gravity, and persons are summed by state', () => {
    const rows = [hazard({ id: 'a', state: 'unknown' }), hazard({ id: 'b', alarm: 'prepare', persons: null }), hazard({ id: 'c', alarm: 'immediate' }), hazard({ id: 'd', alarm: 'prepare' })]
    expect(hazardsInOrder(rows).map((one) => one.id)).toEqual(['c', 'd', 'b', 'a'])
    expect(summed(rows)).toEqual([
      { told: 'immediate', objects: 1, households: 23, persons: 61, uncounted: 0 },
      { told: 'prepare', objects: 2, households: 46, persons: 61, uncounted: 1 },
      { told: 'unknown', objects: 1, households: 23, persons: 61, uncounted: 0 },
    ])
  })
})

describe('the course of a gauge', () => {
  const step = (k: number, value: number | null, total: number | null = null) => ({ at: new Date(now + k * 600_000).toISOString(), value, least: null, most: null, total, coverage: value === null ? 0 : 1 })
  const words = { value: 'v', total: 't', doubt: 'd', limit: 'l' }
  it('keeps gaps as gaps, and a sum over gaps is dashed', () => {
    const series: Series = { element: 'rain', unit: 'mm', step_s: 600, steps: [step(0, 2, 2), step(1, null, 2), step(2, 3, 5)], doubts: [] }
    const [bars, sum] = chartOption(series, null, words, now, 16).series as unknown as [{ type: string; data: unknown[] }, { lineStyle: { type: string }; data: unknown[] }]
    expect([missingIn(series), bars.type, bars.data, sum.data, sum.lineStyle.type]).toEqual([1, 'bar', [2, null, 3], [2, 2, 5], 'dashed'])
  })
  it('shows depth in cm with its limit, and doubts in their step', () => {
    const doubts = [{ at: new Date(now + 1_100_000).toISOString(), value: 9, rule: 'jump' }]
    const series: Series = { element: 'depth', unit: 'm', step_s: 600, steps: [step(0, 0.1), step(1, 0.25)], doubts }
    const [line, cross] = chartOption(series, 0.27, words, now, 16).series as unknown as [{ data: unknown[]; markLine: { data: unknown[] } }, { data: unknown[] }]
    expect([line.data, line.markLine.data, cross.data]).toEqual([[10, 25], [{ yAxis: 27 }], [[1, 900]]])
    expect(stepAt(series, series.steps[1]!.at)).toBe(1)
  })
})

describe('a warning typed by hand', () => {
  const towns = [{ code: '330106010', name: '演示镇1' }, { code: '330106012', name: '演示镇2' }]
  it('names what is missing, and takes the towns for the area', () => {
    const draft = { ...freshWarning(), colour: 'orange' as const, units: ['330106010'], cautions: '注意', measures: '巡查', document: '1 号' }
    expect(warningOrder({ ...draft, colour: '' }, towns, now)).toBe('colour')
    expect(warningOrder({ ...draft, measures: ' ' }, towns, now)).toBe('measures')
    expect(warningOrder(draft, towns, now)).toBe('issuer')
    expect(warningOrder({ ...draft, issuer: '台' }, towns, now)).toMatchObject({ area: '演示镇1', starts_at: '2026-07-30T14:00:00+08:00', ends_at: null })
    expect(warningOrder({ ...draft, official: false, document: '' }, towns, now)).toMatchObject({ official: false })
  })
  it('reads the fields as Beijing time', () => {
    expect(beijing('2026-07-30T14:10')).toBe('2026-07-30T14:10:00+08:00')
    expect(localNow(now)).toBe('2026-07-30T14:00')
  })
})

it('text on a warning colour is read: at least 4.5 : 1', () => {
  const light = (hex: string) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16) / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, k) => sum + c * [0.2126, 0.7152, 0.0722][k]!, 0)
  for (const shade of Object.keys(colour.warning)) {
    const [a, b] = [light(shadeColour(shade)), light(INK_ON[shade]!)].sort((x, y) => y - x)
    expect((a! + 0.05) / (b! + 0.05), shade).toBeGreaterThanOrEqual(4.5)
  }
})
