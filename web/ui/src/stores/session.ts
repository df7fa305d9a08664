/** Who is at the desk and what they may do. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api, Problem, setCsrf, whenSignedOut } from '@/api/client'
import type { Account, Session } from '@/api/types'

export const useSession = defineStore('session', () => {
  const account = ref<Account | null>(null)
  const permissions = ref(new Set<string>())
  const phase = ref<'asking' | 'out' | 'in' | 'unreachable'>('asking')
  const expired = ref(false)
  /** The password was given by somebody else: nothing opens until it is changed. */
  const mustChange = ref(false)

  function enter(session: Session): void {
    account.value = session.account
    permissions.value = new Set(session.permissions)
    mustChange.value = session.must_change
    setCsrf(session.csrf)
    phase.value = 'in'
    expired.value = false
  }
  function leave(): void {
    setCsrf('')
    permissions.value = new Set()
    phase.value = 'out'
  }
  async function ask(): Promise<void> {
    try {
      enter(await api.session())
    } catch (cause) {
      if (cause instanceof Problem && cause.status === 401) leave()
      else {
        phase.value = 'unreachable'
        setTimeout(() => phase.value === 'unreachable' && void ask(), 3000)
      }
    }
  }
  async function signIn(username: string, password: string): Promise<void> {
    enter(await api.signIn(username, password))
  }
  async function signOut(): Promise<void> {
    await api.signOut().catch(() => undefined)
    leave()
  }
  whenSignedOut(() => {
    if (phase.value !== 'in') return
    expired.value = true
    leave()
  })
  /** The past is shown: nobody may do anything to it. */
  const looking = ref(false)
  const can = (permission: string) => !looking.value && permissions.value.has(permission)
  return { account, permissions, phase, expired, mustChange, looking, enter, ask, signIn, signOut, can }
})
