/** Alarms of devices and the tasks of looking into them (核查). */
import { computed } from 'vue'
import type { Gauge, Task } from '@/api/types'
import { useBoard } from '@/stores/board'

const MARK = '核查:'
/** What is known of an alarm: done, once somebody has said what is behind it and nobody is sent again. */
export function checkState(alarm: Gauge, task: Task | undefined): 'open' | 'asked' | 'done' {
  if (task && task.state !== 'done') return 'asked'
  return task || alarm.found ? 'done' : 'open'
}

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
  const waiting = computed(() => rows.value.filter(({ alarm, task }) => checkState(alarm, task) !== 'done').length)
  return { rows, waiting }
}
