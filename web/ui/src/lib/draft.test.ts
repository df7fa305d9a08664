import { beforeEach, expect, it } from 'vitest'
import { hasDraft, useDraft } from './draft'

const fresh = () => ({ id: 'a', title: '', place: '' })
beforeEach(() => localStorage.clear())

it('survives a reload', () => {
  useDraft('report:live', fresh).value.title = '古墩路积水'
  const again = useDraft('report:live', () => ({ ...fresh(), id: 'b' }))
  expect(again.value).toEqual({ id: 'a', title: '古墩路积水', place: '' })
})

it('belongs to one world', () => {
  useDraft('report:live', fresh).value.title = '实战'
  expect(useDraft('report:drill-a', fresh).value.title).toBe('')
})

it('is gone once cleared, and its store with it', () => {
  const draft = useDraft('report:live', fresh)
  draft.value.title = '一'
  expect(draft.touched()).toBe(true)
  expect(hasDraft('report:live')).toBe(true)
  draft.clear()
  expect(draft.value.title).toBe('')
  expect(draft.touched()).toBe(false)
  expect(hasDraft('report:live')).toBe(false)
})

it('is cleared once taken, but for what was typed while it was sent', async () => {
  const draft = useDraft('report:live', fresh)
  Object.assign(draft.value, { title: '一', place: '甲' })
  expect(await draft.send(async () => null)).toBeNull()
  expect(draft.value).toEqual({ id: 'a', title: '一', place: '甲' })
  await draft.send(async () => {
    draft.value.title = '二'
    return 'taken'
  })
  expect(draft.value).toEqual({ id: 'a', title: '二', place: '' })
  expect(useDraft('report:live', fresh).value.title).toBe('二')
  await draft.send(async () => 'taken')
  expect(hasDraft('report:live')).toBe(false)
})

it('shrugs at a spoilt store and at fields of an older page', () => {
  localStorage.setItem('baochu:draft:x', '{not json')
  expect(useDraft('x', fresh).value.title).toBe('')
  localStorage.setItem('baochu:draft:y', '{"title":"旧","gone":1}')
  expect(useDraft('y', fresh).value).toEqual({ id: 'a', title: '旧', place: '' })
})
