/** Which question the panel shows; and all answers at once. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { useAreas } from './areas'
import { useCoverage } from './coverage'
import { useIslands } from './islands'
import { useRoute } from './route'
import { useSingles } from './singles'

export const TABS = ['route', 'areas', 'islands', 'singles', 'coverage'] as const
export type Tab = (typeof TABS)[number]

export const useRoads = defineStore('roads', () => {
  const tab = ref<Tab>('route')
  const [route, areas, islands, singles, coverage] = [useRoute(), useAreas(), useIslands(), useSingles(), useCoverage()]
  /** What stands on the map now, in the order of the tabs. */
  const drawn = computed<Tab[]>(() => {
    const stands: Record<Tab, boolean> = {
      route: Boolean(route.answer || route.form.from || route.form.to), areas: Boolean(areas.answer || areas.form.point),
      islands: islands.drawn && Boolean(islands.answer?.islands.length), singles: Boolean(singles.answer?.villages.length), coverage: Boolean(coverage.answer),
    }
    return TABS.filter((one) => stands[one])
  })
  function clear(): void {
    for (const one of [route, areas, islands, singles, coverage]) one.clear()
  }
  return { tab, drawn, clear }
})
