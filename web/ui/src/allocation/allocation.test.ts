import { describe, expect, it } from 'vitest'
import type { Move, Proposal } from '@/api/allocation'
import { changes, chosenOf, grouped, isOrder, shareOf } from './allocation'

const move = (team_id: string, action: Move['action'], incident_id: string, need: number | null) => ({ team_id, action, incident_id, need, from_dispatch: action === 'send' ? null : 'd' }) as Move
const moves = [move('t1', 'send', 'a', 0), move('t2', 'redirect', 'b', 1), move('t3', 'keep', 'a', 0), move('t4', 'surplus', 'c', null)]
const found = { needs: [{ incident_id: 'a' }, { incident_id: 'b' }], moves } as Proposal

describe('a proposal', () => {
  it('stands by incident, with those whom no need holds apart', () => {
    const groups = grouped(found)
    expect(groups.map((one) => one.incident)).toEqual(['a', 'b', 'c'])
    expect(groups[0]!.needs[0]!.moves.map((one) => one.team_id)).toEqual(['t1', 't3'])
    expect(groups[2]!.surplus.map((one) => one.team_id)).toEqual(['t4'])
  })
  it('orders what is sent or redirected, and nothing that stays', () => {
    expect(moves.filter(isOrder).map(chosenOf)).toEqual([{ team_id: 't1', incident_id: 'a', from_dispatch: null }, { team_id: 't2', incident_id: 'b', from_dispatch: 'd' }])
    expect(changes(moves)).toEqual([['send', 1], ['redirect', 1], ['keep', 1], ['surplus', 1]])
  })
  it('takes a reserve in percent, the parameter where none is typed, and nothing beyond', () => {
    expect([shareOf(' '), shareOf('60'), shareOf('101'), shareOf('x')]).toEqual([null, 0.6, undefined, undefined])
  })
})
