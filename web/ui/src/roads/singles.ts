/** Single-road dependence (单一通道): villages that hang on roads without any of which they are cut off. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { ways, type ProfileId } from '@/api/ways'
import { question } from './question'

export const useSingles = defineStore('roads-singles', () => {
  const chosen = ref(-1)
  const profile = ref<ProfileId>('drive')
  const asked = question((world, signal) => ways.dependence(world, profile.value, signal), () => (chosen.value = -1))
  watch(profile, () => void asked.ask())
  const village = computed(() => asked.answer.value?.villages[chosen.value] ?? null)
  return { chosen, profile, village, ...asked }
})
