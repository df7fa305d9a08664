/** The water model on this page: what is asked, the run the board shows, the moment that is looked at. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { models, type FloodResult, type WetRoads } from '@/api/models'
import { useBoard } from '@/stores/board'

const POLL_MS = 1000
const PLAY_MS = 700
/** Rain in mm/h over steps of ten minutes. */
export const PRESETS: Record<string, number[]> = {
  hour30: [...Array<number>(6).fill(30), ...Array<number>(3).fill(0)],
  hour60: [...Array<number>(6).fill(60), ...Array<number>(3).fill(0)],
  hour90: [...Array<number>(6).fill(90), ...Array<number>(6).fill(0)],
}

export const useFlood = defineStore('flood', () => {
  const board = useBoard()
  const progress = ref<number | null>(null)
  const roads = shallowRef<WetRoads | null>(null)
  const step = ref(0)
  const playing = ref(false)
  const hidden = ref('')

  const all = computed(() => board.runs.filter((one) => one.kind === 'flood'))
  const active = computed(() => all.value.find((one) => one.state === 'queued' || one.state === 'running') ?? null)
  const failed = computed(() => (all.value[0]?.state === 'failed' ? all.value[0] : null))
  const done = computed(() => all.value.find((one) => one.state === 'done') ?? null)
  const result = computed(() => (done.value?.result as FloodResult | null | undefined) ?? null)
  /** Drawn unless this person has put it away from this screen. */
  const shown = computed(() => Boolean(result.value) && done.value?.id !== hidden.value)
  const frames = computed(() => result.value?.frames_s ?? [])
  const at = computed(() => (result.value ? new Date(Date.parse(result.value.begins_at) + (frames.value[step.value] ?? 0) * 1000) : null))
  const address = computed(() => (shown.value && done.value ? models.frame(board.world, done.value.id, step.value) : null))

  watch(() => done.value?.id, async (id) => {
    playing.value = false
    roads.value = null
    if (!id || !result.value) return
    step.value = frames.value.length - 1
    const found = await models.wetRoads(board.world, id).catch(() => null)
    if (done.value?.id === id) roads.value = found
  }, { immediate: true })

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

  let timer: ReturnType<typeof setInterval> | undefined
  watch(playing, (on) => {
    clearInterval(timer)
    if (on) timer = setInterval(() => (step.value = (step.value + 1) % Math.max(1, frames.value.length)), PLAY_MS)
  })
  return { progress, roads, step, playing, hidden, active, failed, done, result, shown, frames, at, address }
})
