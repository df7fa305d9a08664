/** Alarms of devices and the tasks of looking into them (核查). */
import { computed } from 'vue'
import type { Task } from '@/api/types'
import { useBoard } from '@/stores/board'

const MARK = '核查:'

export function useChecks() {
  const board = useBoard()
  const alarms = computed(() => board.gauges.filter((one) => one.state === 'alarm'))
  /** The newest task about an alarm since it was raised. */
  const taskOf = (station: string, since: string | null): Task | undefined =>
    board.tasks
      .filter((one) => one.action_no === MARK + station && (!since || Date.parse(one.issued_at) >= Date.parse(since)))
      .sort((a, b) => Date.parse(b.issued_at) - Date.parse(a.issued_at))[0]
  const rows = computed(() => alarms.value.map((alarm) => ({ alarm, task: taskOf(alarm.id, alarm.since) })))
  /** Of which nobody has said yet what is behind them. */
  const waiting = computed(() => rows.value.filter(({ task }) => task?.state !== 'done').length)
  return { rows, waiting }
}
