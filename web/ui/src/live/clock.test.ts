import { expect, it } from 'vitest'
import { realNow, setServerTime, worldTime } from './clock'

const real0 = '2026-07-30T10:00:00+08:00'
const at = (iso: string) => Date.parse(iso)

it('runs, races and pauses from its anchor', () => {
  const sim0 = '2026-07-20T14:00:00+08:00'
  const minuteLater = at(real0) + 60_000
  expect(worldTime({ sim0, real0, speed: 1 }, minuteLater)).toBe(at(sim0) + 60_000)
  expect(worldTime({ sim0, real0, speed: 10 }, minuteLater)).toBe(at(sim0) + 600_000)
  expect(worldTime({ sim0, real0, speed: 0 }, minuteLater)).toBe(at(sim0))
})

it('trusts the server, not the browser', () => {
  setServerTime(new Date(Date.now() + 3_600_000).toISOString())
  expect(Math.abs(realNow() - Date.now() - 3_600_000)).toBeLessThan(1000)
  setServerTime('nonsense')
  expect(Math.abs(realNow() - Date.now() - 3_600_000)).toBeLessThan(1000)
  setServerTime(new Date().toISOString())
})
