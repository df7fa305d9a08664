/** The pages of the house that this account may use: one list for the navigation, the menu and the palette. */
import { computed } from 'vue'
import { world, type DeskName, type Page } from '@/router'
import { useSession } from '@/stores/session'

export interface Desk {
  /** Its words are `desks.names.<id>`. */
  id: 'wall' | DeskName | 'registers' | 'accounts' | 'field'
  to: Page
  /** First letters of its Chinese name, by sound. */
  initials: string
  /** Any of these rights opens it. */
  may: readonly string[]
}
const desk = (id: DeskName, initials: string, ...may: string[]): Desk => ({ id, to: { name: 'desk', desk: id }, initials, may })
const DESKS: readonly Desk[] = [
  desk('duty', 'zbt', 'duty.keep', 'duty.read'),
  desk('drill', 'yldd', 'clock.set', 'world.create'),
  desk('plan', 'gh', 'plan.load', 'unit.edit'),
  desk('census', 'pc', 'register.edit', 'register.load', 'person.export'),
  desk('safety', 'aqjg', 'task.issue', 'register.edit', 'register.export'),
  desk('admin', 'xtgl', 'account.manage'),
]

export function useDesks() {
  const session = useSession()
  const may = (one: Desk) => one.may.some((right) => session.permissions.has(right))
  return computed<Desk[]>(() =>
    ([
      { id: 'wall', to: { name: 'wall', world: world.value }, initials: 'dp', may: ['board.read'] },
      ...DESKS,
      { id: 'registers', to: { name: 'registers', key: '' }, initials: 'tz', may: ['register.read'] },
      { id: 'accounts', to: { name: 'accounts' }, initials: 'yhgl', may: ['account.manage'] },
      { id: 'field', to: { name: 'field', world: world.value }, initials: 'xc', may: ['field.sync'] },
    ] satisfies Desk[]).filter(may),
  )
}
/** Those that stand side by side in the navigation: registers and accounts belong to desks, the field has phones. */
export const inNav = (one: Desk): boolean => !['accounts', 'field'].includes(one.id)
