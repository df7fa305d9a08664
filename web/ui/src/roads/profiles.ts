/** Who can travel, as the server names them. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { ways, type Profile } from '@/api/ways'
import { useWords } from '@/lib/words'
import { useBoard } from '@/stores/board'

/** For measuring only: nobody travels so. */
const MEASURE = 'distance'

export const useProfiles = defineStore('profiles', () => {
  const board = useBoard()
  const all = ref<Profile[]>([])
  const travellers = computed(() => all.value.filter((one) => one.id !== MEASURE))
  const vehicles = computed(() => all.value.filter((one) => one.mode === 'drive'))
  const walkers = computed(() => travellers.value.filter((one) => one.mode === 'walk'))
  let asking: Promise<void> | undefined

  /** Reads them once a world is known; after a failure the next caller tries again. */
  function load(): void {
    if (!board.world) return void watch(() => board.world, load, { once: true })
    asking ??= ways
      .profiles(board.world)
      .then((found) => void (all.value = found))
      .catch(() => void (asking = undefined))
  }
  return { all, travellers, vehicles, walkers, load }
})

/** The name of a kind of traveller in the person's language; walkers as a whole are `walk`. */
export function useProfileName(): (id: string) => string {
  const { t, pick } = useWords()
  const profiles = useProfiles()
  return (id) => {
    if (id === 'walk') return t('roads.walkers')
    const found = profiles.all.find((one) => one.id === id)
    return found ? pick(found.zh, found.en) : id
  }
}
