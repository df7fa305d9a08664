/** The runs of one kind as the board shows them: what is being computed and how far it is, what failed, what is done. */
import { computed, ref, watch } from 'vue'
import { models } from '@/api/models'
import { useBoard } from '@/stores/board'

const POLL_MS = 1000

export function latest<R>(kind: string) {
  const board = useBoard()
  const progress = ref<number | null>(null)
  /** The run that this person has put away from this screen. */
  const hidden = ref('')
  const all = computed(() => board.runs.filter((one) => one.kind === kind))
  const active = computed(() => all.value.find((one) => one.state === 'queued' || one.state === 'running') ?? null)
  const failed = computed(() => (all.value[0]?.state === 'failed' ? all.value[0] : null))
  const done = computed(() => all.value.find((one) => one.state === 'done') ?? null)
  const result = computed(() => (done.value?.result as R | null | undefined) ?? null)
  const shown = computed({
    get: () => Boolean(result.value) && done.value?.id !== hidden.value,
    set: (on) => (hidden.value = on ? '' : (done.value?.id ?? '')),
  })

  let polling: ReturnType<typeof setTimeout> | undefined
  async function poll(): Promise<void> {
    clearTimeout(polling)
    const run = active.value
    if (!run) return void (progress.value = null)
    const found = await models.run(board.world, run.id).catch(() => null)
    if (found && found.id === active.value?.id) progress.value = found.progress
    polling = setTimeout(() => void poll(), POLL_MS)
  }
  watch(() => active.value?.id, () => void poll(), { immediate: true })
  return { progress, active, failed, done, result, shown }
}
