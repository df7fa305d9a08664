/** When a team can be there, and what is amiss with its dispatch. */
import type { Dispatch } from '@/api/types'

const UNSIGNED_S = 120
type Timed = Pick<Dispatch, 'state' | 'eta_at' | 'travel_s' | 'ordered_at'>

/** On its way to the scene, or about to be. */
export const isComing = (row: Pick<Dispatch, 'state'>) => ['ordered', 'acknowledged', 'departed'].includes(row.state)
export const hasDeparted = (row: Pick<Dispatch, 'state'>) => row.state === 'departed'

/** For a list with little room: cut off first, then on their way, then those at the scene. */
export function watchedFirst<D extends Pick<Dispatch, 'state' | 'route_valid'>>(rows: D[]): D[] {
  const key = (row: D) => (!row.route_valid ? 0 : isComing(row) ? 1 : 2)
  return [...rows].sort((a, b) => key(a) - key(b))
}

/** Seconds to the arrival. A team that has not departed still has all of its way before it. */
export function secondsLeft(row: Timed, now: number): number {
  const left = (Date.parse(row.eta_at) - now) / 1000
  return hasDeparted(row) ? left : Math.max(left, row.travel_s)
}

/** Whole minutes without an acknowledgement, or 0 while that is still in order. */
export function unsignedMinutes(row: Timed, now: number): number {
  const waited = (now - Date.parse(row.ordered_at)) / 1000
  return row.state === 'ordered' && waited >= UNSIGNED_S ? Math.floor(waited / 60) : 0
}
