/** The water model on this page: what is asked, the run the board shows, the moment that is looked at. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { models, type FloodResult, type WetRoads } from '@/api/models'
import { useBoard } from '@/stores/board'
import { latest } from './latest'

const PLAY_MS = 700
/** Rain in mm/h over steps of ten minutes. */
export const PRESETS: Record<string, number[]> = {
  hour30: [...Array<number>(6).fill(30), ...Array<number>(3).fill(0)],
  hour60: [...Array<number>(6).fill(60), ...Array<number>(3).fill(0)],
  hour90: [...Array<number>(6).fill(90), ...Array<number>(6).fill(0)],
}

export const useFlood = defineStore('flood', () => {
  const board = useBoard()
  const runs = latest<FloodResult>('flood')
  const { done, result, shown } = runs
  const roads = shallowRef<WetRoads | null>(null)
  const step = ref(0)
  const playing = ref(false)
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

  let timer: ReturnType<typeof setInterval> | undefined
  watch(playing, (on) => {
    clearInterval(timer)
    if (on) timer = setInterval(() => (step.value = (step.value + 1) % Math.max(1, frames.value.length)), PLAY_MS)
  })
  return { ...runs, roads, step, playing, frames, at, address }
})
