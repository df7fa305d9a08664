/** What may follow from a leak or a fire on this page: a plume of two levels, radii of heat; at the leak's place. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { models, type HeatAnswer, type PlumeAnswer } from '@/api/models'
import { question } from '@/roads/question'
import { useGas } from './gas'
import { typed } from './wind'

export const FUELS = ['gasoline', 'kerosene', 'methanol', 'ethanol', 'benzene', 'acetone', 'lpg', 'lng'] as const
export const SKIES = ['', 'strong', 'moderate', 'slight', 'cloudy', 'clear'] as const
type Sky = Exclude<(typeof SKIES)[number], ''>

export const useRelease = defineStore('release', () => {
  const gas = useGas()
  const leak = ref({ rate: '1', levels: '100 20', sky: '', urban: false, wind: '' })
  const fire = ref<{ kind: 'pool' | 'bleve'; fuel: string; size: string }>({ kind: 'pool', fuel: 'gasoline', size: '10' })
  const plume = question<PlumeAnswer>((world, signal) => {
    const [wind_ms, wind_from_deg] = [typed(leak.value.wind, 60), typed(gas.form.from, 360)]
    const levels = leak.value.levels.split(/[\s,，、]+/).filter(Boolean).map(Number)
    const rate_kg_s = Number(leak.value.rate)
    if (!gas.spot || wind_ms === undefined || wind_from_deg === undefined || !(rate_kg_s > 0) || !levels.length || levels.some((one) => !(one > 0))) return null
    const { lon, lat } = gas.spot
    return models.plume(world, { lon, lat, rate_kg_s, levels: levels.map((mg_m3) => ({ mg_m3 })), height_m: 0, urban: leak.value.urban, sky: (leak.value.sky || null) as Sky | null, wind_ms, wind_from_deg }, signal)
  })
  const heat = question<HeatAnswer>((world, signal) => {
    const size = Number(fire.value.size)
    if (!gas.spot || !(size > 0)) return null
    const { lon, lat } = gas.spot
    const { kind, fuel } = fire.value
    return models.heat(world, { lon, lat, kind, fuel, diameter_m: kind === 'pool' ? size : null, mass_kg: kind === 'bleve' ? size : null }, signal)
  })
  return { leak, fire, plume, heat }
})
