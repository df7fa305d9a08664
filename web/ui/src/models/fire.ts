/** The fire model on this page: what is asked, the run the board shows, its shapes. */
import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { models, type FireResult, type FireShapes } from '@/api/models'
import { useBoard } from '@/stores/board'
import { latest } from './latest'

export interface Spot {
  lon: number
  lat: number
  name: string
  /** The forest fire that stands there, if one does. */
  incident: string | null
}

export const useFire = defineStore('fire', () => {
  const board = useBoard()
  const runs = latest<FireResult>('fire')
  const spot = ref<Spot | null>(null)
  const shapes = shallowRef<FireShapes | null>(null)

  watch(() => runs.done.value?.id, async (id) => {
    shapes.value = null
    if (!id) return
    const found = await models.shapes(board.world, id).catch(() => null)
    if (runs.done.value?.id === id) shapes.value = found
  }, { immediate: true })
  return { ...runs, spot, shapes }
})
