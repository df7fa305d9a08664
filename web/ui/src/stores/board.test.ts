import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Board, Incident, JournalEntry, Patch, Team } from '@/api/types'
import { nextStep, useBoard } from './board'
import { applyPatch, emptyTables, mergeJournal } from './fold'

const at = '2026-07-30T14:00:00+08:00'
const incident = (id: string, title = '积水') => ({ id, title, reported_at: at, kind: 'flood', state: 'reported' }) as Incident
const team = (id: string, state: Team['state']) => ({ id, state, code: id, name: id }) as Team
const board = (): Board => ({
  ...emptyTables(),
  seq: 10,
  at,
  real_at: at,
  world: { name: 'live', kind: 'live', title: '实战', clock: { sim0: at, real0: at, speed: 1 } },
})
const patch = (seq: number, more: Partial<Patch>): Patch => ({
  seq, at, recorded_at: at, kind: 'X', actor: 'a', zh: `第${seq}`, en: `no ${seq}`, ...more,
})

describe('the fold', () => {
  it('puts and drops by id and moves on', () => {
    const b = board()
    const changes = applyPatch(b, patch(11, { put: { incidents: { i1: incident('i1') }, teams: { t1: team('t1', 'standby') } } }))
    expect(changes).toEqual([
      { table: 'incidents', id: 'i1', isNew: true },
      { table: 'teams', id: 't1', isNew: true },
    ])
    applyPatch(b, patch(12, { put: { teams: { t1: team('t1', 'en_route') } }, drop: { incidents: ['i1'] } }))
    expect(b.incidents).toEqual({})
    expect(b.teams.t1?.state).toBe('en_route')
    expect(b.seq).toBe(12)
  })
  it('takes each patch once', () => {
    const b = board()
    applyPatch(b, patch(11, { put: { incidents: { i1: incident('i1', '新') } } }))
    expect(applyPatch(b, patch(11, { drop: { incidents: ['i1'] } }))).toEqual([])
    expect(applyPatch(b, patch(9, { drop: { incidents: ['i1'] } }))).toEqual([])
    expect(b.incidents.i1?.title).toBe('新')
  })
  it('does not mind a drop of what is not there', () => {
    const b = board()
    applyPatch(b, patch(11, { drop: { closures: ['nobody'] } }))
    expect(b.seq).toBe(11)
  })
  it('keeps journal lines once, newest first', () => {
    const line = (seq: number) => ({ seq }) as JournalEntry
    expect(mergeJournal([line(3), line(2)], [line(2), line(4)], 2).map((l) => l.seq)).toEqual([4, 3])
  })
})

class FakeSource extends EventTarget {
  static last: FakeSource | null = null
  static CLOSED = 2
  readyState = 1
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  constructor(readonly url: string) {
    super()
    FakeSource.last = this
  }
  close() {
    this.readyState = 2
  }
  say(name: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }))
  }
}

describe('the board store', () => {
  const answers: Record<string, () => unknown> = {}
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse(at) })
    setActivePinia(createPinia())
    vi.stubGlobal('EventSource', FakeSource)
    answers['/board'] = () => ({ ...board(), real_at: at })
    vi.stubGlobal('fetch', (request: Request) => {
      const found = Object.entries(answers).find(([part]) => request.url.includes(part))
      return Promise.resolve(new Response(JSON.stringify(found ? found[1]() : []), { status: 200 }))
    })
  })
  afterEach(() => {
    useBoard().close()
    useBoard().$dispose()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('opens a world, streams after its position and folds patches', async () => {
    const store = useBoard()
    await store.open('live')
    expect(FakeSource.last?.url).toContain('after=10')
    FakeSource.last?.say('patch', patch(11, { put: { incidents: { i1: incident('i1') } } }))
    expect(store.incidents.map((i) => i.id)).toEqual(['i1'])
    expect(store.fresh.has('i1')).toBe(true)
    expect(store.journal[0]?.zh).toBe('第11')
    vi.advanceTimersByTime(2500)
    expect(store.fresh.has('i1')).toBe(false)
  })
  it('takes the clock from patches', async () => {
    const store = useBoard()
    await store.open('live')
    FakeSource.last?.say('patch', patch(11, { put: { clock: { clock: { sim0: '2026-07-01T00:00:00Z', real0: at, speed: 0 } } } }))
    expect(store.worldNow).toBe(Date.parse('2026-07-01T00:00:00Z'))
  })
  it('reads the board anew on reset', async () => {
    const store = useBoard()
    await store.open('live')
    answers['/board'] = () => ({ ...board(), seq: 99, incidents: { i9: incident('i9') } })
    FakeSource.last?.say('reset', { seq: 99 })
    await vi.advanceTimersByTimeAsync(10)
    expect(store.board?.seq).toBe(99)
    expect(Object.keys(store.board?.incidents ?? {})).toEqual(['i9'])
  })
  it('heals when beats run ahead of it', async () => {
    const store = useBoard()
    await store.open('live')
    answers['/board'] = () => ({ ...board(), seq: 12 })
    FakeSource.last?.say('beat', { real_at: at, seq: 12 })
    FakeSource.last?.say('beat', { real_at: at, seq: 12 })
    await vi.advanceTimersByTimeAsync(10)
    expect(store.board?.seq).toBe(12)
  })
  it('grows stale, then offline, with the age told', async () => {
    const store = useBoard()
    await store.open('live')
    expect(store.state).toBe('fresh')
    vi.advanceTimersByTime(13_000)
    expect(store.state).toBe('stale')
    vi.advanceTimersByTime(20_000)
    expect(store.state).toBe('offline')
    expect(Math.round(store.ageS)).toBe(33)
  })
})

it('a dispatch goes step by step to its end', () => {
  expect(nextStep('ordered')).toBe('acknowledged')
  expect(nextStep('working')).toBe('released')
  expect(nextStep('released')).toBeNull()
})
