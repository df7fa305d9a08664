/** What a flood run is told besides rain: water let in, levels of lakes and rivers, walls. Kept until it is taken out. */
import type { Feature, Position } from 'geojson'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { FloodQuestion } from '@/api/models'
import { useDraft } from '@/lib/draft'
import type { End } from '@/roads/route'

export const PLACED = ['inflows', 'levels'] as const
export type Placed = (typeof PLACED)[number]
export const KINDS = { inflows: ['reservoir', 'sluice', 'river_reach'], levels: ['reservoir', 'river_reach'] } as const
/** Minutes from the present, and the flow or level then, as typed. */
export type Line = [string, string]
export interface Told {
  end: End | null
  /** The row of a register that it is, as kind/code; or a place. */
  row: string
  series: Line[]
}
export interface Wall {
  line: Position[]
  by: 'height_m' | 'crest_m'
  m: string
}

const filled = (series: Line[]) => series.filter((line) => line.some((text) => text.trim()))
const numbers = (line: Line) => line.map((text) => (text.trim() ? Number(text) : NaN)) as [number, number]

export const useTold = defineStore('flood-told', () => {
  const { value: draft } = useDraft('flood-told', () => ({ inflows: [] as Told[], levels: [] as Told[], walls: [] as Wall[] }))
  /** What the next clicks on the map are for: one of a kind, by its number. */
  const picking = ref<{ of: Placed | 'walls'; n: number } | null>(null)
  const isPicking = (of: Placed | 'walls', n: number) => picking.value?.of === of && picking.value.n === n
  const pick = (of: Placed | 'walls', n: number) => (picking.value = isPicking(of, n) ? null : { of, n })

  function add(of: Placed | 'walls'): void {
    const fresh: Line[] = of === 'inflows' ? [['0', ''], ['60', '']] : [['0', '']]
    if (of === 'walls') draft.walls.push({ line: [], by: 'height_m', m: '1' })
    else draft[of].push({ end: null, row: '', series: fresh })
    picking.value = { of, n: draft[of].length - 1 }
  }
  function drop(of: Placed | 'walls', n: number): void {
    draft[of].splice(n, 1)
    picking.value = null
  }
  /** A click on the map. */
  function take(end: End): boolean {
    if (!picking.value) return false
    const { of, n } = picking.value
    if (of === 'walls') draft.walls[n]?.line.push([end.lon, end.lat])
    else {
      Object.assign(draft[of][n] ?? {}, { end, row: '' })
      picking.value = null
    }
    return true
  }
  /** The first that is not whole: which, and its number from 1. */
  const wrong = computed(() => {
    for (const of of PLACED) {
      const n = draft[of].findIndex(({ end, series }) => !end || !filled(series).length || filled(series).some((line) => !numbers(line).every(Number.isFinite)))
      if (n >= 0) return { of, n: n + 1 }
    }
    const n = draft.walls.findIndex(({ line, m }) => line.length < 2 || !m.trim() || !Number.isFinite(Number(m)))
    return n >= 0 ? { of: 'walls' as const, n: n + 1 } : null
  })
  /** As the server asks for it; of a draft that is whole. */
  const question = computed<Pick<FloodQuestion, Placed | 'walls'>>(() => {
    const placed = (one: Told) => {
      const [kind, code] = one.row.split('/', 2)
      const where = one.row ? { kind: kind as 'reservoir', code: code! } : { lon: one.end?.lon ?? null, lat: one.end?.lat ?? null }
      return { ...where, series: filled(one.series).map(numbers) }
    }
    return {
      inflows: draft.inflows.map(placed), levels: draft.levels.map(placed),
      walls: draft.walls.map((one) => ({ line: one.line as [number, number][], [one.by]: Number(one.m) })),
    }
  })
  const features = computed<Feature[]>(() => {
    const put = (kind: string, coordinates: Position | Position[]): Feature =>
      ({ type: 'Feature', geometry: { type: Array.isArray(coordinates[0]) ? 'LineString' : 'Point', coordinates } as Feature['geometry'], properties: { kind } })
    return [
      ...PLACED.flatMap((of) => draft[of].flatMap(({ end }) => (end ? [put(of, [end.lon, end.lat])] : []))),
      ...draft.walls.flatMap(({ line }) => [...(line.length > 1 ? [put('wall', line)] : []), ...line.map((at) => put('post', at))]),
    ]
  })
  return { draft, picking, isPicking, pick, add, drop, take, wrong, question, features }
})
