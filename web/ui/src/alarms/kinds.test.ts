import { expect, it } from 'vitest'
import { emptyTables } from '@/stores/fold'
import type { AlarmWord, Gauge, Incident } from '@/api/types'
import { unanswered, type AlarmKind } from './kinds'

const ALL: AlarmKind[] = ['incident', 'gauge']
function board(grade: Incident['grade'], word?: Partial<AlarmWord>) {
  const held = emptyTables()
  held.incidents['i'] = { id: 'i', title: '滑坡', no: '1', grade, reported_at: '2026-07-30T14:00:00+08:00' } as Incident
  held.gauges['R-09'] = { id: 'R-09', name: '雨量站', state: 'silent', since: '2026-07-30T14:05:00+08:00' } as Gauge
  if (word) held.alarms['incident:i'] = { id: 'incident:i', episode: '', at: '', by: '值班岗', until: null, ...word }
  return held
}
const ids = (...args: Parameters<typeof unanswered>) => unanswered(...args).map((one) => one.id)

it('asks for what is grave, the newest first, and only of the kinds that this screen has chosen', () => {
  expect(ids(board('general'), ALL)).toEqual(['R-09'])
  expect(ids(board('major'), ALL)).toEqual(['R-09', 'i'])
  expect(ids(board('major'), ['incident'])).toEqual(['i'])
})
it('is quiet once somebody has taken note, and speaks again when it grows worse', () => {
  expect(ids(board('major', { episode: 'major' }), ['incident'])).toEqual([])
  expect(ids(board('extraordinary', { episode: 'major' }), ['incident'])).toEqual(['i'])
})
