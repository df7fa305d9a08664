/** The parameters of coverage as the register has them today: what an empty field will stand for. */
import { onMounted, ref, type Ref } from 'vue'
import { registers, type Row } from '@/api/registers'
import { day } from '@/lib/time'
import { useBoard } from '@/stores/board'
import { useSession } from '@/stores/session'

/** The value in force on a day by key; of several, the one in force the latest. */
export function inForce(rows: Pick<Row, 'values'>[], today: string): Record<string, string> {
  const valid = rows
    .map(({ values }) => ({ key: String(values.key), value: String(values.value), from: String(values.in_force_from ?? ''), to: String(values.in_force_to ?? '9999') }))
    .filter(({ from, to }) => from <= today && today <= to)
    .sort((a, b) => a.from.localeCompare(b.from))
  return Object.fromEntries(valid.map(({ key, value }) => [key, value]))
}

export function useParametersInForce(): Ref<Record<string, string>> {
  const board = useBoard()
  const session = useSession()
  const found = ref<Record<string, string>>({})
  onMounted(async () => {
    if (!session.can('register.read')) return
    const page = await registers.list('parameter', { q: 'shelter.', limit: 100 }).catch(() => null)
    if (page) found.value = inForce(page.rows, day(board.worldNow))
  })
  return found
}
