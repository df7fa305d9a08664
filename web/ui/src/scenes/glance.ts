/** What the wall shows beside the board: five colours of towns, the age of feeds, the work reminder. Asked for while somebody looks. */
import type { Feature, Geometry } from 'geojson'
import { defineStore } from 'pinia'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { Problem } from '@/api/client'
import { screens } from '@/api/screens'
import type { Glance, TownColour } from '@/api/types'
import { inOrder } from '@/lib/inOrder'
import { useBoard } from '@/stores/board'
import { PAST_MS } from '@/stores/gauges'

/** After a change it is asked for no more often than this, and without one as often as this. */
const [LEAST_MS, AGAIN_MS] = [3000, 20_000]
type Town = Glance['towns'][number]
export const FIVE: readonly TownColour[] = ['red', 'orange', 'yellow', 'blue', 'green', 'unknown']

export const useGlance = defineStore('glance', () => {
  const board = useBoard()
  const found = ref<Glance | null>(null)
  const shapes = shallowRef<Record<string, Geometry>>({})
  const problem = ref<Problem | null>(null)
  const watchers = ref(0)
  /** In replay the colours that stood then, as they are on the record: the worst first. */
  const towns = computed<Town[]>(() => {
    if (!board.pastAt) return found.value?.towns ?? []
    return Object.values(board.board?.towns ?? {}).sort((a, b) => FIVE.indexOf(a.colour) - FIVE.indexOf(b.colour) || a.code.localeCompare(b.code))
  })
  const counts = computed(() => Object.fromEntries(FIVE.map((colour) => [colour, towns.value.filter((one) => one.colour === colour).length])) as Record<TownColour, number>)
  let askedAt = 0
  const ask = inOrder()
  let timer: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const { world, moment } = board
    if (!world || !watchers.value) return
    askedAt = Date.now()
    const isNewest = ask()
    const isWanted = () => world === board.world && !moment === !board.moment && isNewest()
    try {
      if (!Object.keys(shapes.value).length) shapes.value = await screens.townShapes(world)
      const got = await screens.glance(world, moment)
      if (!isWanted()) return
      found.value = got
      problem.value = null
    } catch (cause) {
      if (isWanted()) {
        if (moment) found.value = null
        if (cause instanceof Problem) problem.value = cause
      }
    }
    timer ??= setTimeout(() => void load(), AGAIN_MS)
  }
  function soon(): void {
    const wait = Math.max(0, askedAt + (board.moment ? PAST_MS : LEAST_MS) - Date.now())
    clearTimeout(timer)
    timer = setTimeout(() => void load(), wait)
  }
  watch([() => board.world, () => !board.moment], () => {
    found.value = null
    askedAt = 0
  })
  watch([() => board.world, () => board.version, () => board.moment, watchers], () => watchers.value && board.board && soon())
  /** Call it in a component's setup: it is asked for as long as that component stands. */
  function look(): void {
    watchers.value += 1
    onScopeDispose(() => (watchers.value -= 1))
  }
  const features = computed<Feature[]>(() =>
    towns.value.flatMap((one) => {
      const geometry = shapes.value[one.code]
      return geometry ? [{ type: 'Feature' as const, geometry, properties: { code: one.code, colour: one.colour } }] : []
    }),
  )
  return { found, problem, towns, counts, features, load, look }
})
