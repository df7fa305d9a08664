/** The pages of the house that this account may use: one list for the navigation and the palette. */
import { computed } from 'vue'
import { world, type Page } from '@/router'
import { useSession } from '@/stores/session'

export interface Desk {
  /** Its words are `desks.names.<id>`. */
  id: string
  to: Page
  /** First letters of its Chinese name, by sound. */
  initials: string
  /** Any of these rights opens it. */
  may: readonly string[]
}

export function useDesks() {
  const session = useSession()
  return computed<Desk[]>(() =>
    ([
      { id: 'wall', to: { name: 'wall', world: world.value }, initials: 'dp', may: ['board.read'] },
      { id: 'registers', to: { name: 'registers', key: '' }, initials: 'tz', may: ['register.read'] },
      { id: 'accounts', to: { name: 'accounts' }, initials: 'yhgl', may: ['account.manage'] },
      { id: 'field', to: { name: 'field', world: world.value }, initials: 'xc', may: ['field.sync'] },
    ] satisfies Desk[]).filter((desk) => desk.may.some((right) => session.permissions.has(right))),
  )
}
