/** The wind near a place, as its gauges tell it; what a person types goes before it. */
import { shallowRef, watch } from 'vue'
import { models, type Wind } from '@/api/models'
import { useBoard } from '@/stores/board'

export type { Wind }
/** A typed number; nothing typed leaves it to the gauge, anything else is wrong. */
export const typed = (text: string, most: number): number | null | undefined => {
  if (!text.trim()) return null
  const value = Number(text)
  return value >= 0 && value <= most ? value : undefined
}

export function useWind(at: () => { lon: number; lat: number } | null) {
  const board = useBoard()
  const wind = shallowRef<Wind | null>(null)
  watch(() => [board.world, at()?.lon, at()?.lat], async () => {
    const place = at()
    wind.value = null
    if (!place) return
    const found = await models.wind(board.world, place.lon, place.lat).catch(() => null)
    if (at() === place) wind.value = found
  }, { immediate: true })
  return wind
}
