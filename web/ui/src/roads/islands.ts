/** Islands (孤岛): what the closures cut off. Kept current by `useIslandWatch`, drawn when looked at or when one appears. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { ways, type Island } from '@/api/ways'
import { question } from './question'

/** The islands with any road that was on none before. */
export function newIslands<I extends Pick<Island, 'road_ids'>>(before: Pick<Island, 'road_ids'>[], now: I[]): I[] {
  const known = new Set(before.flatMap((one) => one.road_ids))
  return now.filter((one) => one.road_ids.some((id) => !known.has(id)))
}

export const useIslands = defineStore('roads-islands', () => {
  const drawn = ref(false)
  const asked = question((world, signal) => ways.islands(world, signal), () => (drawn.value = false))
  return { drawn, ...asked }
})
