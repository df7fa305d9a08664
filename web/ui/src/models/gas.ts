/** A leak on this page: where, what, how much, the wind; and the first zones that follow. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { models, type GasAnswer } from '@/api/models'
import { question } from '@/roads/question'
import type { Spot } from './fire'
import { typed } from './wind'

export const useGas = defineStore('gas', () => {
  const spot = ref<Spot | null>(null)
  const form = ref({ un: '1005', large: true, from: '' })
  const asked = question<GasAnswer>((world, signal) => {
    const wind_from_deg = typed(form.value.from, 360)
    if (!spot.value || wind_from_deg === undefined) return null
    const { lon, lat } = spot.value
    return models.gas(world, { lon, lat, un_number: form.value.un.trim(), spill: form.value.large ? 'large' : 'small', wind_from_deg, hazard: 'city_fire' }, signal)
  }, () => (spot.value = null))
  return { spot, form, ...asked }
})
