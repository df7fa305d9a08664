/** The rain field on this page: the window and the hour looked at; what came is kept, so that the slider is quick. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { weather, type RainField } from '@/api/weather'
import { question } from '@/roads/question'
import { useBoard } from '@/stores/board'

export const WINDOWS = [1, 3, 6, 24] as const
export const BACK = 12
const KEPT = 60
const STEP_MS = 600_000

export const useField = defineStore('rain-field', () => {
  const board = useBoard()
  const shown = ref(false)
  const hours = ref<(typeof WINDOWS)[number]>(1)
  /** Hours before now, 0 or below. */
  const back = ref(0)
  const kept = new Map<string, RainField>()
  const tick = computed(() => Math.floor(board.worldNow / STEP_MS))
  const at = computed(() => (back.value === 0 && !board.moment ? undefined : new Date(tick.value * STEP_MS + back.value * 3600_000).toISOString()))
  const asked = question<RainField>(
    (world, signal) => {
      if (!shown.value) return null
      const key = `${world}:${hours.value}:${at.value ?? tick.value}`
      const known = kept.get(key)
      if (known) return Promise.resolve(known)
      return weather.field(world, hours.value, at.value, signal).then((found) => {
        if (kept.size >= KEPT) kept.clear()
        kept.set(key, found)
        return found
      })
    },
    () => (shown.value = false),
  )
  watch([shown, hours, at, tick], () => void asked.ask())
  const picture = computed(() => (shown.value ? asked.answer.value : null))
  return { shown, hours, back, at, asked, picture }
})
