import { describe, expect, it } from 'vitest'
import { age, clockTime, day, dayInWords, distance, elapsed, etaFigure, minutesText, timeOf } from './time'

const now = Date.parse('2026-07-30T14:32:07+08:00')

describe('times', () => {
  it('are told in Beijing time wherever the browser stands', () => {
    expect(clockTime(now)).toBe('14:32:07')
    expect(day(Date.parse('2026-07-29T16:00:00Z'))).toBe('2026-07-30')
    expect(clockTime(Date.parse('2026-07-29T16:00:00Z'))).toBe('00:00:00')
    expect(dayInWords(now, 'zh')).toBe('7月30日 星期四')
    expect(dayInWords(now, 'en')).toBe('Thu 30 Jul')
  })
  it('carry the date only when it is not today', () => {
    expect(timeOf('2026-07-30T09:05:00+08:00', now)).toBe('09:05')
    expect(timeOf('2026-07-29T23:59:00+08:00', now)).toBe('07-29 23:59')
    expect(timeOf('2026-07-30T01:05:09Z', now, true)).toBe('09:05:09')
    expect(timeOf(null, now)).toBe('–')
    expect(timeOf('nonsense', now)).toBe('–')
  })
})

describe('durations', () => {
  it('of a way are minutes with one decimal', () => {
    expect(minutesText(258, 'zh')).toBe('4.3 分')
    expect(minutesText(456, 'en')).toBe('7.6 min')
    expect(minutesText(-90, 'zh')).toBe('1.5 分')
  })
  it('of a way in large type turn to hours when long', () => {
    expect(etaFigure(258, 'zh')).toEqual({ figure: '4.3', unit: '分' })
    expect(etaFigure(-9000, 'en')).toEqual({ figure: '2.5', unit: 'h' })
  })
  it('of an event grow coarser with time', () => {
    expect(elapsed(20, 'zh')).toBe('不足 1 分')
    expect(elapsed(38 * 60, 'zh')).toBe('38 分')
    expect(elapsed(125 * 60, 'zh')).toBe('2 时 05 分')
    expect(elapsed((3 * 24 + 4) * 3600, 'zh')).toBe('3 天 4 时')
    expect(elapsed(-5, 'en')).toBe('< 1 min')
  })
  it('of data are short', () => {
    expect(age(12.9, 'zh')).toBe('12 秒')
    expect(age(240, 'zh')).toBe('4 分')
    expect(age(7200, 'en')).toBe('2 h')
  })
})

it('distances change unit at one kilometre', () => {
  expect(distance(860.4, 'zh')).toBe('860 米')
  expect(distance(3240, 'zh')).toBe('3.2 公里')
  expect(distance(3240, 'en')).toBe('3.2 km')
})
