/** The danger of the day on this page: a place, what is typed of its weather, the chain there and the map of the towns. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { models, type DangerAnswer, type DangerMap, type DangerQuestion } from '@/api/models'
import { useDraft } from '@/lib/draft'
import { question } from '@/roads/question'
import type { Spot } from './fire'
import { typed } from './wind'

const CELL_M = 150
const KEPT_DAYS = 5
type Codes = NonNullable<DangerAnswer['before_next']>
const FIELDS = { warm: 50, damp: 100, wind: 60, rain: 2000, ffmc: 101, dmc: 2000, dc: 3000, fell: 2000, ago: 366 } as const
export type DangerField = keyof typeof FIELDS
export const SEASONS = ['', 'dry', 'turning', 'green'] as const

export const useDanger = defineStore('danger', () => {
  const spot = ref<Spot | null>(null)
  const form = ref({ ...(Object.fromEntries(Object.keys(FIELDS).map((name) => [name, ''])) as Record<DangerField, string>), season: '' })
  const of = ref<'class' | 'fwi'>('class')
  const wrong = ref(false)

  /** What is asked; null while a number is wrong or no place is picked. Below 0 °C is weather too. */
  function asked(): DangerQuestion | null {
    const said = Object.fromEntries(Object.entries(FIELDS).map(([name, most]) => [name, typed(form.value[name as DangerField], most)])) as Record<DangerField, number | null | undefined>
    const cold = form.value.warm.trim()
    if (cold.startsWith('-')) said.warm = Number(cold) >= -40 ? Number(cold) : undefined
    wrong.value = Object.values(said).includes(undefined)
    if (!spot.value || wrong.value) return null
    const { warm, damp, wind, rain, ffmc, dmc, dc, fell, ago } = said as Record<DangerField, number | null>
    const { lon, lat } = spot.value
    return {
      lon, lat, weather: { temperature_c: warm, humidity: damp, wind_ms: wind, rain_mm: rain }, day_length: '30N', season: form.value.season || null,
      before: ffmc !== null && dmc !== null && dc !== null ? { ffmc, dmc, dc } : null, last_rain: ago !== null ? { rain_mm: fell ?? 0, days_ago: ago } : null,
    }
  }
  const place = question<DangerAnswer>((world, signal) => {
    const body = asked()
    return body && models.danger(world, body, signal)
  }, () => (spot.value = null))
  const map = question<DangerMap>((world, signal) => {
    const body = asked()
    return body && models.dangerMap(world, { ...body, of: of.value, cell_m: CELL_M }, signal)
  })
  /** What came out on the last days at this desk, to go on from where no gauge tells the weather. */
  const kept = useDraft('danger-codes', () => ({ days: {} as Record<string, Codes> }))
  watch(place.answer, (found) => {
    if (!found?.before_next || found.days.at(-1)?.fwi === null) return
    const days = { ...kept.value.days, [found.day]: found.before_next }
    kept.value.days = Object.fromEntries(Object.entries(days).sort().slice(-KEPT_DAYS))
  })
  const yesterday = computed(() => {
    const day = place.answer.value?.day
    return Object.keys(kept.value.days).filter((one) => day === undefined || one < day).sort().at(-1) ?? null
  })
  function carry(): void {
    const codes = yesterday.value && kept.value.days[yesterday.value]
    if (codes) for (const name of ['ffmc', 'dmc', 'dc'] as const) form.value[name] = String(Math.round(codes[name] * 10) / 10)
  }
  /** Keeps the class of the day with what it rests on, on the record. */
  async function store(world: string) {
    const body = asked()
    return body && models.storeDanger(world, body)
  }
  return { store, spot, form, of, wrong, place, map, yesterday, carry }
})
