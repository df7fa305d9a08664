/** What this screen prefers: language and visible layers. Kept in the browser. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'

export type Lang = 'zh' | 'en'

function kept<V>(key: string, otherwise: V): V {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? 'null') as V | null) ?? otherwise
  } catch {
    return otherwise
  }
}

export const useSettings = defineStore('settings', () => {
  const lang = ref<Lang>(kept<Lang>('baochu:lang', 'zh'))
  /** Layers that the person switched; the rest follow the catalogue. */
  const layers = ref<Record<string, boolean>>(kept('baochu:layers', {}))
  /** The base map from outside; empty: our own. */
  const basemap = ref<string>(kept('baochu:basemap', ''))
  watch(lang, (value) => localStorage.setItem('baochu:lang', JSON.stringify(value)))
  watch(layers, (value) => localStorage.setItem('baochu:layers', JSON.stringify(value)), { deep: true })
  watch(basemap, (value) => localStorage.setItem('baochu:basemap', JSON.stringify(value)))
  return { lang, layers, basemap }
})
