/** Service areas (服务区): what is reached within some minutes. */
import { defineStore } from 'pinia'
import { reactive, watch } from 'vue'
import { ways, type AreasQuestion, type ProfileId } from '@/api/ways'
import { question } from './question'
import type { End } from './route'

const MOST_BANDS = 6
const MOST_MINUTES = 240
export const BANDS = '5, 10, 15, 30'

/** The minutes in a text, ascending, each once; null where it holds anything else, or too much. */
export function readMinutes(text: string): number[] | null {
  const found = [...new Set(text.split(/[\s,，、/]+/).filter(Boolean).map(Number))].sort((a, b) => a - b)
  const good = found.length > 0 && found.length <= MOST_BANDS && found.every((one) => one > 0 && one <= MOST_MINUTES)
  return good ? found : null
}

export const useAreas = defineStore('roads-areas', () => {
  const form = reactive({ teams: false, point: null as End | null, minutes: BANDS, profile: 'drive' as ProfileId, to: false })
  const asked = question(
    (world, signal) => {
      const minutes = readMinutes(form.minutes)
      if (!minutes || (!form.teams && !form.point)) return null
      const points = form.teams || !form.point ? [] : [{ lon: form.point.lon, lat: form.point.lat }]
      const body: AreasQuestion = { points, teams: form.teams, minutes, profile: form.profile, to: form.to, each: false }
      return ways.areas(world, body, signal)
    },
    () => (form.point = null),
  )
  watch([() => form.to, () => form.profile], () => {
    if (asked.answer.value) void asked.ask()
  })
  return { form, ...asked }
})
