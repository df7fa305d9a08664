import { expect, it } from 'vitest'
import type { FieldDef, RegisterDef, Row } from '@/api/registers'
import { changed, clashes, columnsOf, measured, merged, shown, typed } from './values'

const field = (name: string, more: Partial<FieldDef> = {}): FieldDef => ({
  name, zh: name, en: name, type: 'text', required: false, unit: '', least: null, most: null, choices: [], pattern: '', refers: '', listed: false, ...more,
})
const kind = field('kind', { type: 'choices', choices: [{ code: 'a', zh: '甲', en: 'A' }, { code: 'b', zh: '乙', en: 'B' }] })

it('shows words for codes, figures with their unit, and nothing for nothing', () => {
  expect(shown(kind, ['b', 'x'], 'zh')).toBe('乙、x')
  expect(shown(kind, ['a', 'b'], 'en')).toBe('A, B')
  expect(shown(field('f'), false, 'zh')).toBe('否')
  expect(shown(field('f'), null, 'zh')).toBe('')
  expect(measured(field('f', { type: 'number', unit: 'm³' }), 1234567.25, 'zh')).toBe('1,234,567.25 m³')
  expect(measured(field('f', { type: 'integer', unit: '年' }), 1998, 'zh')).toBe('1998 年')
  expect(measured(field('f', { unit: 'm' }), null, 'zh')).toBe('')
})

it('sends plain figures as numbers, and odd ones as they were typed for the checks to ask about', () => {
  const number = field('n', { type: 'number' })
  expect(typed(number, ' 12.50 ')).toBe(12.5)
  expect(typed(number, '3亩')).toBe('3亩')
  expect(typed(number, '１２')).toBe('１２')
  expect(typed(field('t'), '007')).toBe('007')
  expect(typed(field('t', { type: 'texts' }), '甲、乙；丙')).toEqual(['甲', '乙', '丙'])
  expect(typed(number, '  ')).toBeNull()
})

const register = { fields: [field('code'), field('name'), field('grade', { listed: true }), field('admin_code'), field('id', { type: 'secret' })] } as RegisterDef
const row = { values: { code: 'A', name: '甲', grade: '小二型', id: '●●●' } } as unknown as Row

it('lists code, name and unit first', () => {
  expect(columnsOf(register).map((one) => one.name)).toEqual(['code', 'name', 'admin_code', 'grade'])
})

it('lays edits over a row and leaves secrets sealed', () => {
  expect(merged(register, row, { grade: null })).toEqual({ code: 'A', name: '甲', admin_code: null, grade: null })
  expect(merged(register, row, { id: '1' }).id).toBe('1')
  expect(changed(row, { grade: '小二型', name: '乙' })).toEqual({ name: '乙' })
})

it('tells what clashes from what does not', () => {
  const seen = { code: 'A', name: '甲', grade: '小二型', note: null }
  const now = { code: 'A', name: '甲', grade: '小一型', note: null }
  expect(clashes(seen, now, { grade: '山塘', name: '乙' })).toEqual([
    { field: 'grade', seen: '小二型', now: '小一型', mine: '山塘' },
    { field: 'name', seen: '甲', now: '甲', mine: '乙' },
  ])
  expect(clashes(seen, seen, {})).toEqual([])
})
