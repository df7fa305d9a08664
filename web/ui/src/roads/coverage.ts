/** Shelter coverage: by distance and by room, with what is left out and why. */
import { defineStore } from 'pinia'
import { computed, reactive, shallowRef, watch } from 'vue'
import { ways, type Cell, type Coverage, type CoverageQuestion } from '@/api/ways'
import { figure } from '@/lib/limits'
import { question } from './question'

export const DEMANDS = ['residents', 'residents_day', 'villages', 'zones'] as const
export const HAZARDS = ['geohazard', 'flood', 'typhoon', 'fire', 'earthquake'] as const
/** The figures that a planner may set, and the parameter that stands where they do not. */
export const FIGURES = { limit_m: 'shelter.service_distance[town]', indoor_m2: 'shelter.per_capita[indoor, overnight]', outdoor_m2: 'shelter.per_capita[outdoor, emergency]' } as const
export type FigureName = keyof typeof FIGURES
const MOST: Record<FigureName, number> = { limit_m: 50_000, indoor_m2: 100, outdoor_m2: 100 }

export type CellState = 'housed' | 'full' | 'far'
/** Whether all in a cell find room; or none is left within the limit; or no shelter lies within it. */
export function cellState([, , , unmet, metres]: Cell, limit: number): CellState {
  if (metres === null || metres > limit) return 'far'
  return unmet > 0 ? 'full' : 'housed'
}
export const parameterOf = (answer: Coverage | null, name: FigureName) => answer?.parameters.find((one) => one.key === FIGURES[name])
export const limitOf = (answer: Coverage) => parameterOf(answer, 'limit_m')?.value ?? Infinity
export const share = (part: number, whole: number) => (whole ? `${((part / whole) * 100).toFixed(1)}` : '–')

type Asked = Pick<CoverageQuestion, 'hazard' | 'overnight'>

export const useCoverage = defineStore('roads-coverage', () => {
  const form = reactive({
    demand: 'residents' as CoverageQuestion['demand'], hazard: 'geohazard' as CoverageQuestion['hazard'], overnight: true,
    figures: { limit_m: '', indoor_m2: '', outdoor_m2: '' } as Record<FigureName, string>, excluded: [] as string[],
  })
  const wrong = computed(() => (Object.keys(FIGURES) as FigureName[]).find((name) => form.figures[name].trim() && read(name) === null))
  const read = (name: FigureName) => figure(form.figures[name], Number.EPSILON, MOST[name])
  /** What the answer that stands was asked for. */
  const answered = shallowRef<Asked | null>(null)
  let asking: Asked | null = null
  const asked = question(
    (world, signal) => {
      if (wrong.value) return null
      const { demand, hazard, overnight, excluded } = form
      asking = { hazard, overnight }
      const body = { demand, hazard, overnight, excluded: [...excluded], cells: true, limit_m: read('limit_m'), indoor_m2: read('indoor_m2'), outdoor_m2: read('outdoor_m2') }
      return ways.coverage(world, body, signal)
    },
    () => (form.excluded = []),
  )
  watch(asked.answer, () => (answered.value = asking))
  /** Leaves a shelter out, or takes it in again, and asks anew. */
  function toggle(code: string): void {
    form.excluded = form.excluded.includes(code) ? form.excluded.filter((one) => one !== code) : [...form.excluded, code]
    void asked.ask()
  }
  return { form, wrong, answered, toggle, ...asked }
})
