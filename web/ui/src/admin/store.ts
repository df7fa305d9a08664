/** The accounts as the administrator's page holds them, with the roles and towns that they may have. */
import { computed, reactive, ref } from 'vue'
import { accounts, type AccountRow, type Role } from '@/api/accounts'
import { Problem } from '@/api/client'
import { registers } from '@/api/registers'

export interface Town {
  code: string
  zh: string
  en: string
}
export interface Filter {
  q: string
  role: string
  state: '' | 'active' | 'disabled'
}

export function matches(row: AccountRow, { q, role, state }: Filter): boolean {
  const words = `${row.username} ${row.name} ${row.post}`.toLowerCase()
  return (
    (!role || row.role === role) &&
    (!state || row.active === (state === 'active')) &&
    q.toLowerCase().split(/\s+/).every((word) => words.includes(word))
  )
}

export function useAccounts() {
  const rows = ref<AccountRow[] | null>(null)
  const roles = ref<Role[]>([])
  const towns = ref<Town[]>([])
  const problem = ref<Problem | null>(null)
  const filter = reactive<Filter>({ q: '', role: '', state: '' })
  const shown = computed(() => (rows.value ?? []).filter((row) => matches(row, filter)))

  async function load(): Promise<void> {
    problem.value = null
    try {
      ;[rows.value, roles.value] = await Promise.all([accounts.all(), accounts.roles()])
    } catch (cause) {
      problem.value = cause instanceof Problem ? cause : new Problem(0, '账号打不开', 'The accounts do not open')
      return
    }
    const units = await registers.list('admin_unit', { where: ['level:town'], limit: 500 }).catch(() => null)
    towns.value = (units?.rows ?? []).map(({ values }) => ({ code: String(values.code), zh: String(values.name), en: String(values.name_en) }))
  }
  /** Puts what an act has made of an account in its place. */
  function take(row: AccountRow): void {
    const others = (rows.value ?? []).filter((one) => one.username !== row.username)
    rows.value = [...others, row].sort((a, b) => (a.username < b.username ? -1 : 1))
  }
  return { rows, roles, towns, problem, filter, shown, load, take }
}
