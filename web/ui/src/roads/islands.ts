/** Islands (孤岛): what the closures cut off. Kept current by `useIslandWatch`, drawn when looked at or when one appears. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { ways, type Island, type ProfileId } from '@/api/ways'
import { question } from './question'

/** The islands with any road that was on none before. */
export function newIslands<I extends Pick<Island, 'road_ids'>>(before: Pick<Island, 'road_ids'>[], now: I[]): I[] {
  const known = new Set(before.flatMap((one) => one.road_ids))
  return now.filter((one) => one.road_ids.some((id) => !known.has(id)))
}

export const useIslands = defineStore('roads-islands', () => {
  const drawn = ref(false)
  const profile = ref<ProfileId>('drive')
  const asked = question((world, signal) => ways.islands(world, profile.value, signal), () => (drawn.value = false))
  watch(profile, () => void asked.ask())
  return { drawn, profile, ...asked }
})
