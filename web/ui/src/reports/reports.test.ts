import { describe, expect, it } from 'vitest'
import { clocksOf, isLate } from './clock'
import { piecesOf } from './marks'
import { fieldsOf, known, saidOf } from './said'

const row = {
  known_at: '2026-07-30T14:00:00+08:00', first_due_at: '2026-07-30T14:30:00+08:00', written_due_at: '2026-07-30T15:00:00+08:00',
  first_sent_at: null as string | null, written_sent_at: null as string | null,
}
const at = (time: string) => Date.parse(`2026-07-30T${time}+08:00`)
const states = (time: string, more = {}) => clocksOf({ ...row, ...more }, at(time)).map((one) => one.state)

describe('the report clock', () => {
  it('turns at 50 and 80 %, and is late only after the very minute', () => {
    expect(states('14:14:59')).toEqual(['running', 'running'])
    expect(states('14:15:00')).toEqual(['half', 'running'])
    expect(states('14:24:00')).toEqual(['near', 'running'])
    expect(states('14:30:00')).toEqual(['near', 'half'])
    expect(states('14:30:01')).toEqual(['late', 'half'])
  })
  it('stands still once a report is sent, and says whether it was late', () => {
    expect(states('18:00:00', { first_sent_at: '2026-07-30T14:30:00+08:00' })).toEqual(['met', 'late'])
    expect(states('18:00:00', { first_sent_at: '2026-07-30T14:31:00+08:00' })).toEqual(['met_late', 'late'])
    expect(clocksOf(row, at('14:40:00'))[0]!.leftS).toBe(-600)
  })
  it('asks for a reason by the limit that the next report falls under', () => {
    expect(isLate(row, 'phone', at('14:30:00'))).toBe(false)
    expect(isLate(row, 'phone', at('14:30:01'))).toBe(true)
    const told = { ...row, first_sent_at: '2026-07-30T14:10:00+08:00' }
    expect([isLate(told, 'phone', at('15:10:00')), isLate(told, 'written', at('15:10:00'))]).toEqual([false, true])
    expect(isLate({ ...told, written_sent_at: '2026-07-30T14:50:00+08:00' }, 'written', at('18:00:00'))).toBe(false)
  })
})

it('a figure that is not known is empty, and nought is known', () => {
  const said = { overview: '滑坡', place: '', course: '', measures: '', other: '', dead: 0, missing: null, injured: 2, serious: null, loss_yuan: null, forest_ha: null }
  expect(fieldsOf(said)).toMatchObject({ dead: 0, missing: '', injured: 2 })
  expect(saidOf(fieldsOf(said))).toEqual(said)
  expect(known({ ...said })).toEqual([{ name: 'dead', value: 0 }, { name: 'injured', value: 2 }])
})

it('finds the marks of sources in a text', () => {
  expect(piecesOf('受伤 2 人〔3〕，已送医〔12〕。')).toEqual([
    { text: '受伤 2 人', n: 0 }, { text: '〔3〕', n: 3 }, { text: '，已送医', n: 0 }, { text: '〔12〕', n: 12 }, { text: '。', n: 0 },
  ])
  expect(piecesOf('演示防指〔2026〕7 号〔1〕', 4)).toEqual([{ text: '演示防指〔2026〕7 号', n: 0 }, { text: '〔1〕', n: 1 }])
  expect(piecesOf('')).toEqual([])
})
