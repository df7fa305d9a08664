import { expect, it } from 'vitest'
import { freshTrack, trackOrder } from './cyclone'

const AT = '2026-08-01T08:00:00+08:00'
it('reads a form, names what is wrong with it', () => {
  const draft = { ...freshTrack(), number: '2609', agency: '走查', lon: '125.1', lat: '27', wind: '35', r7: '300 280 200 240', r10: '90', forecast: '24 123.5 28.6 38 90\n\n48, 121, 30.2' }
  expect(trackOrder(draft, AT)).toMatchObject({
    fix: { at: AT, lon: 125.1, wind_ms: 35, pressure_hpa: null, radii: { 7: [300, 280, 200, 240], 10: [90, 90, 90, 90] } },
    forecast: [{ lead_h: 24, lon: 123.5, lat: 28.6, wind_ms: 38, radius_km: 90 }, { lead_h: 48, wind_ms: null, radius_km: null }],
  })
  expect(trackOrder({ ...draft, agency: ' ' }, AT)).toBe('agency')
  expect(trackOrder({ ...draft, lat: 'x' }, AT)).toBe('lat')
  expect(trackOrder({ ...draft, r7: '1 2' }, AT)).toBe('r7')
  expect(trackOrder({ ...draft, forecast: '24 123' }, AT)).toBe('forecast')
})
