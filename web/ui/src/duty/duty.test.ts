import { describe, expect, it } from 'vitest'
import { openNow, standing } from './duty'
import { nameOf, partsOf } from './reminder'

const item = (collection: string, of_id: string, accepted_at: string | null = null) => ({ id: `${collection}-${of_id}`, collection, of_id, title: of_id, added_at: '', accepted_at, accepted_by: null, gone_at: null })
const none = { incidents: {}, tasks: {}, callouts: {}, closures: {}, suggestions: {}, decisions: {}, responses: {}, transfers: {} }

describe('a hand-over', () => {
  it('waits for what is open and not accepted, and for nothing that is over', () => {
    const open = openNow({ ...none, incidents: { a: {}, b: {} } as never }, ['e'])
    const found = standing([item('incidents', 'a', '2026-07-01T00:00:00Z'), item('incidents', 'b'), item('closures', 'c'), item('entries', 'e')], open)
    expect(found.waiting.map((one) => one.of_id)).toEqual(['b', 'e'])
    expect(found.over.map((one) => one.of_id)).toEqual(['c'])
    expect(found.came).toBe(0)
  })
  it('counts what has come since it was listed', () => {
    expect(standing([item('incidents', 'a')], openNow({ ...none, incidents: { a: {}, b: {} } as never }, [])).came).toBe(1)
  })
})

describe('the text of a reminder', () => {
  it('gives each mark its number, and leaves a mark that counts nothing', () => {
    const numbers = { 1: { value: 2, unit: '起', label: '', collection: 'incidents', ids: [], as_of: '', href: '' } }
    expect(partsOf('昨日{1}，{9}。', numbers)).toEqual([{ text: '昨日' }, { mark: '1', text: '2 起' }, { text: '，' }, { text: '{9}' }, { text: '。' }])
  })
  it('names items of any collection', () => {
    expect(nameOf({ no: 'X-1', title: '积水' }, false)).toBe('X-1 积水')
    expect(nameOf({ kind_zh: '暴雨', colour_zh: '黄色', id: 'w' }, false)).toBe('暴雨黄色')
  })
})
