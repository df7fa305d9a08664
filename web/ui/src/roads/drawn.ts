/** Keeps the map's layers in step with the answers of the roads. */
import { watch } from 'vue'
import type { MapController } from '@/map/controller'
import { useWords } from '@/lib/words'
import { useAreas } from './areas'
import { useCoverage } from './coverage'
import { areaFeatures, cellFeatures, islandFeatures, shelterFeatures, singleFeatures, wayFeatures } from './features'
import { useIslands } from './islands'
import { useProfiles } from './profiles'
import { useRoute } from './route'
import { useSingles } from './singles'

/** Call it in a component's setup; what it gives back draws on a map from then on. */
export function useRoadsDrawn(): (control: MapController) => void {
  const { t, lang } = useWords()
  const [route, areas, islands, singles, coverage] = [useRoute(), useAreas(), useIslands(), useSingles(), useCoverage()]
  const profiles = useProfiles()
  let to: MapController | undefined

  const isFoot = (id: string) => profiles.walkers.some((one) => one.id === id)
  const persons = (n: number) => t('roads.persons', { n: n.toLocaleString('en') })
  function drawRoute(): void {
    const ends = (['from', 'to'] as const).map((side) => ({ end: route.form[side], label: t(`roads.route.${side}`) }))
    to?.feed('ways', wayFeatures(route.answer, route.chosen, ends, isFoot))
  }
  const drawAreas = () => to?.feed('service_areas', areaFeatures(areas.answer, areas.form.teams ? null : areas.form.point))
  const drawIslands = () =>
    to?.feed('islands', islandFeatures(islands.drawn ? (islands.answer?.islands ?? []) : [], (one) => `${t('roads.islands.label')} ${persons(one.persons)}`))
  const drawSingles = () => to?.feed('single_roads', singleFeatures(singles.answer, singles.chosen, (one) => `${one.village} ${persons(one.persons)}`))
  function drawCoverage(): void {
    to?.feed('coverage', cellFeatures(coverage.answer))
    to?.feed('coverage-shelters', shelterFeatures(coverage.answer))
  }
  watch([() => route.answer, () => route.chosen, () => route.form.from, () => route.form.to, lang], drawRoute)
  watch([() => areas.answer, () => areas.form.point, () => areas.form.teams], drawAreas)
  watch([() => islands.answer, () => islands.drawn, lang], drawIslands)
  watch([() => singles.answer, () => singles.chosen, lang], drawSingles)
  watch(() => coverage.answer, drawCoverage)
  return (control) => {
    to = control
    for (const draw of [drawRoute, drawAreas, drawIslands, drawSingles, drawCoverage]) draw()
  }
}
