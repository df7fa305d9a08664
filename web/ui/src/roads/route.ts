/** A way between two places: from click to directions. */
import { defineStore } from 'pinia'
import { reactive, ref, watch } from 'vue'
import { ways, type ProfileId } from '@/api/ways'
import { question } from './question'

export interface End {
  lon: number
  lat: number
  name: string
}
export type Side = 'from' | 'to'
const MOST = 3

export const useRoute = defineStore('roads-route', () => {
  const form = reactive({ from: null as End | null, to: null as End | null, profile: 'drive' as ProfileId, then: '' as ProfileId | '' })
  /** Which end the next click sets. */
  const picking = ref<Side | null>('from')
  /** Which of the ways found is the bright one. */
  const chosen = ref(0)
  const asked = question(
    (world, signal) => {
      const { from, to, profile, then } = form
      if (!from || !to) return null
      const query = { from_lon: from.lon, from_lat: from.lat, to_lon: to.lon, to_lat: to.lat, profile, most: MOST, ...(then ? { then } : {}) }
      return ways.route(world, query, signal)
    },
    () => {
      Object.assign(form, { from: null, to: null })
      picking.value = 'from'
    },
  )

  function set(side: Side, end: End): void {
    form[side] = end
    picking.value = form.from ? (form.to ? null : 'to') : 'from'
  }
  function swap(): void {
    Object.assign(form, { from: form.to, to: form.from })
  }
  watch(form, () => void asked.ask())
  watch(asked.answer, () => (chosen.value = 0))
  return { form, picking, chosen, set, swap, ...asked }
})
