/** What may be done next with persons who are to be moved, as far as a phone can know. Pure. */
import type { Mine } from './store'
import type { KeptAct } from './kept'

export type Home = Mine['transfers'][number]['households'][number]
export type Person = Home['people'][number]
export type Step = 'notified' | 'contacted' | 'departed' | 'arrived' | 'verified' | 'away' | 'away_confirmed' | 'unreachable' | 'refused' | 'persuaded' | 'forced' | 'medical'

/** The states, those first who need most to be done. */
const ORDER = ['due', 'unreachable', 'refused', 'notified', 'contacted', 'persuaded', 'forced', 'departed', 'medical', 'arrived', 'away', 'away_confirmed', 'verified', 'may_return', 'returned']
const DONE = ['arrived', 'away_confirmed', 'verified', 'may_return', 'returned']
const NEXT: Partial<Record<string, Step>> = { due: 'notified', notified: 'contacted', contacted: 'departed', persuaded: 'departed', unreachable: 'contacted', departed: 'arrived', forced: 'departed', refused: 'persuaded', away: 'away_confirmed' }
const ASIDE: Step[] = ['away', 'unreachable', 'refused', 'medical']
const OUT = ['due', 'notified', 'contacted']
/** Steps that say what was found. */
export const TOLD: readonly Step[] = ['away', 'unreachable', 'refused', 'medical']

/** A person's state once all that waits on the phone is in. */
export function stateOf(home: Home, person: Person, waiting: KeptAct[]): string {
  const last = waiting.filter(({ kind, body }) => {
    const some = (body['persons'] ?? []) as string[]
    const homes = (body['households'] ?? []) as string[]
    return kind === 'transfer' && (some.includes(person.code) || homes.includes(home.code))
  }).at(-1)
  return String(last?.body['to'] ?? person.state)
}
export const nextOf = (state: string): Step | undefined => NEXT[state]
export function asideOf(state: string, forced: boolean): Step[] {
  if (OUT.includes(state)) return ASIDE
  if (state === 'refused' || state === 'persuaded') return [...(forced ? (['forced'] as const) : []), ...(state === 'persuaded' ? (['refused'] as const) : [])]
  return state === 'arrived' ? ['verified'] : state === 'departed' ? ['unreachable', 'medical'] : []
}
export const worstOf = (states: string[]): string => [...states].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))[0] ?? 'due'
export const isDone = (state: string): boolean => DONE.includes(state)
/** Households by the next step that all of each take together; arrivals are told one by one. */
export function together(homes: { home: Home; state: string }[]): { to: Step; homes: Home[] }[] {
  const found = new Map<Step, Home[]>()
  for (const { home, state } of homes) {
    const to = nextOf(state)
    if (to && ['notified', 'contacted', 'departed'].includes(to)) found.set(to, [...(found.get(to) ?? []), home])
  }
  return [...found].map(([to, some]) => ({ to, homes: some })).filter((one) => one.homes.length > 1)
}
