/** A proposal as a person reads it: by incident, what may be ticked, what it changes. */
import type { Asking, Chosen, Move, Proposal } from '@/api/allocation'

/** What a person accepts: to send, or to redirect; the others stay as they are. */
export const isOrder = (move: Move) => move.action === 'send' || move.action === 'redirect'
export const chosenOf = (move: Move): Chosen => ({ team_id: move.team_id, incident_id: move.incident_id, from_dispatch: move.from_dispatch })

export interface Group {
  incident: string
  needs: { asking: Asking; moves: Move[] }[]
  /** Those whom no need holds any more. */
  surplus: Move[]
}
/** By incident, in the order of the needs; what needs nothing but still has teams comes last. */
export function grouped(found: Proposal): Group[] {
  const ids = [...new Set([...found.needs.map((one) => one.incident_id), ...found.moves.map((one) => one.incident_id)])]
  return ids.map((incident) => ({
    incident,
    needs: found.needs.flatMap((asking, n) => (asking.incident_id === incident ? [{ asking, moves: found.moves.filter((move) => move.need === n) }] : [])),
    surplus: found.moves.filter((move) => move.incident_id === incident && move.need === null),
  }))
}
/** How many of each action. */
export function changes(moves: Move[]): [Move['action'], number][] {
  return (['send', 'redirect', 'keep', 'surplus'] as const).map((action) => [action, moves.filter((one) => one.action === action).length])
}
/** A share between 0 and 1 from a percentage as typed; nothing typed takes the parameter, undefined is wrong. */
export function shareOf(percent: string): number | null | undefined {
  if (!percent.trim()) return null
  const share = Number(percent) / 100
  return share >= 0 && share <= 1 ? share : undefined
}
