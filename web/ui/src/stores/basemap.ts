/** The base map from outside, if one is configured and chosen. Our own lies beneath and stays. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api } from '@/api/client'
import type { BaseMap } from '@/api/types'
import { useSettings } from './settings'

export const useBaseMap = defineStore('basemap', () => {
  const settings = useSettings()
  const maps = ref<BaseMap[]>([])
  /** Its tiles do not come just now. */
  const down = ref(false)
  const chosen = computed(() => maps.value.find((one) => one.id === settings.basemap && !one.problem_zh) ?? null)
  async function load(): Promise<void> {
    maps.value = await api.baseMaps().catch(() => maps.value)
  }
  function choose(id: string): void {
    down.value = false
    settings.basemap = id
  }
  return { maps, down, chosen, load, choose }
})
