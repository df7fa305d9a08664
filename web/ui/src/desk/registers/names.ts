/** Names for codes: of units, and of the rows that other registers refer to. Asked for together, kept for the visit. */
import { defineStore } from 'pinia'
import { computed, reactive, ref } from 'vue'
import { registers, type RegisterDef, type Row } from '@/api/registers'

export interface Unit {
  code: string
  name: string
  level: string
  inScope: boolean
}

export const useNames = defineStore('names', () => {
  const units = ref<Unit[]>([])
  const known = reactive<Record<string, Record<string, string>>>({})
  const asked = new Set<string>()

  async function loadUnits(): Promise<void> {
    if (units.value.length) return
    const { rows } = await registers.list('admin_unit', { limit: 500 }).catch(() => ({ rows: [] as Row[] }))
    units.value = rows.map(({ values }) => ({ code: String(values.code), name: String(values.name), level: String(values.level), inScope: values.in_scope !== false }))
  }
  const byCode = computed(() => new Map(units.value.map((unit) => [unit.code, unit.name])))
  /** The name of the finest unit known; a code that nobody knows stays as it is. */
  function unitName(code: unknown): string {
    const whole = String(code ?? '')
    for (const digits of [12, 9, 6]) {
      const name = whole.length >= digits && byCode.value.get(whole.slice(0, digits))
      if (name) return whole.length > digits ? `${name} ${whole.slice(digits)}` : name
    }
    return whole
  }
  const towns = computed(() => units.value.filter((unit) => unit.level === 'town' && unit.inScope))

  /** Learns the names of these codes; what cannot be read stays a code. */
  async function learn(register: string, codes: Iterable<string>): Promise<void> {
    const fresh = [...new Set(codes)].filter((code) => code && !asked.has(`${register}:${code}`))
    for (let i = 0; i < fresh.length; i += 50) {
      const some = fresh.slice(i, i + 50)
      for (const code of some) asked.add(`${register}:${code}`)
      const found = await registers.list(register, { where: some.map((code) => `code:${code}`), limit: 50 }).catch(() => null)
      for (const { values } of found?.rows ?? []) (known[register] ??= {})[String(values.code)] = String(values.name)
    }
  }
  function learnRows(register: RegisterDef, rows: Row[]): void {
    for (const field of register.fields)
      if (field.refers) void learn(field.refers, rows.map((row) => row.values[field.name]).filter((code): code is string => typeof code === 'string'))
    const object = rows.filter((row) => typeof row.values.object_register === 'string' && typeof row.values.object_code === 'string')
    for (const key of new Set(object.map((row) => row.values.object_register as string)))
      void learn(key, object.filter((row) => row.values.object_register === key).map((row) => row.values.object_code as string))
  }
  const nameOfCode = (register: string, code: unknown) => known[register]?.[String(code)] ?? ''
  return { units, towns, known, loadUnits, unitName, learn, learnRows, nameOfCode }
})
