/** What this screen prefers: language and visible layers. Kept in the browser. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import type { SceneId } from '@/api/types'

/** The name of a screen that has none. */
export const FIRST_SCREEN = '大屏'
export type Lang = 'zh' | 'en'

function kept<V>(key: string, otherwise: V): V {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? 'null') as V | null) ?? otherwise
  } catch {
    return otherwise
  }
}

/** What the address asks of this page as a screen, such as `?name=东屏&patterns=1`; kept for the next time. */
const asked = new URLSearchParams(location.search)

export const useSettings = defineStore('settings', () => {
  const lang = ref<Lang>(kept<Lang>('baochu:lang', 'zh'))
  /** Layers that the person switched; the rest follow the catalogue. */
  const layers = ref<Record<string, boolean>>(kept('baochu:layers', {}))
  /** The scene of this operator's wall; empty: none, all panels. */
  const scene = ref<SceneId | ''>(kept<SceneId | ''>('baochu:scene', ''))
  /** Colours of areas have a pattern as well. */
  const patterns = ref(asked.has('patterns') ? asked.get('patterns') === '1' : kept('baochu:patterns', false))
  /** As a screen: its name, and whether it fits all incidents into the view by itself. */
  const screen = ref(asked.get('name') || kept('baochu:screen', FIRST_SCREEN))
  const autoFit = ref(asked.has('fit') ? asked.get('fit') === 'auto' : kept('baochu:auto-fit', false))
  /** The base map from outside; empty: our own. */
  const basemap = ref<string>(kept('baochu:basemap', ''))
  watch(lang, (value) => localStorage.setItem('baochu:lang', JSON.stringify(value)))
  watch(layers, (value) => localStorage.setItem('baochu:layers', JSON.stringify(value)), { deep: true })
  watch(basemap, (value) => localStorage.setItem('baochu:basemap', JSON.stringify(value)))
  watch(scene, (value) => localStorage.setItem('baochu:scene', JSON.stringify(value)))
  watch(patterns, (value) => localStorage.setItem('baochu:patterns', JSON.stringify(value)))
  watch(screen, (value) => localStorage.setItem('baochu:screen', JSON.stringify(value)))
  watch(autoFit, (value) => localStorage.setItem('baochu:auto-fit', JSON.stringify(value)))
  /** A scene is looked at as it is: what was switched by hand before goes. */
  function choose(id: SceneId | ''): void {
    layers.value = {}
    scene.value = id
  }
  /** The scene that this page shows as a screen; then the person's own switches do not count. */
  const onScreen = ref<SceneId | ''>('')
  return { lang, layers, basemap, scene, patterns, screen, autoFit, onScreen, choose }
})
