/** What the board says of duty, and what a hand-over still asks for. */
import { computed } from 'vue'
import type { PastShift } from '@/api/duty'
import type { Board, HeadCount, Shift } from '@/api/types'
import { useBoard } from '@/stores/board'

/** The collections that one shift hands to the next. */
export const HANDED = ['incidents', 'tasks', 'callouts', 'closures', 'suggestions', 'decisions', 'responses', 'transfers'] as const
type Item = PastShift['items'][number]
const keyOf = (one: { collection: string; of_id: string }) => `${one.collection}:${one.of_id}`

/** What is open now, by collection and id. */
export function openNow(board: Pick<Board, (typeof HANDED)[number]>, entries: string[]): Set<string> {
  const open = new Set(entries.map((id) => `entries:${id}`))
  for (const table of HANDED) for (const id of Object.keys(board[table])) open.add(`${table}:${id}`)
  return open
}
/** Items that wait to be accepted, those that are over meanwhile, and how much came since the list was made. */
export function standing(items: Item[], open: Set<string>): { waiting: Item[]; over: Item[]; came: number } {
  const left = items.filter((one) => !one.accepted_at)
  const listed = new Set(items.map(keyOf))
  return {
    waiting: left.filter((one) => open.has(keyOf(one))),
    over: left.filter((one) => !open.has(keyOf(one))),
    came: [...open].filter((key) => !listed.has(key)).length,
  }
}

export function useDuty() {
  const board = useBoard()
  const shifts = computed<Shift[]>(() => Object.values(board.board?.shifts ?? {}))
  const on = computed(() => shifts.value.find((one) => one.state === 'on'))
  const next = computed(() => shifts.value.find((one) => one.state === 'handover'))
  const counts = computed<HeadCount[]>(() => Object.values(board.board?.headcounts ?? {}))
  const alarms = computed(() => counts.value.filter((one) => one.alarm).length)
  return { on, next, counts, alarms }
}
