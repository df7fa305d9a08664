/** Single-road dependence (单一通道): villages that hang on roads without any of which they are cut off. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { ways } from '@/api/ways'
import { question } from './question'

export const useSingles = defineStore('roads-singles', () => {
  const chosen = ref(-1)
  const asked = question((world, signal) => ways.dependence(world, signal), () => (chosen.value = -1))
  const village = computed(() => asked.answer.value?.villages[chosen.value] ?? null)
  return { chosen, village, ...asked }
})
