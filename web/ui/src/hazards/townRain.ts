/** Mean rain of each town: asked for when the page opens, again when gauges have newly spoken, and as windows pass. */
import { defineStore } from 'pinia'
import { computed, onScopeDispose, ref, watch } from 'vue'
import { Problem } from '@/api/client'
import { hazards, type AreasRain } from '@/api/hazards'
import { registers } from '@/api/registers'
import { inOrder } from '@/lib/inOrder'
import { useBoard } from '@/stores/board'
import { PAST_MS, useGauges } from '@/stores/gauges'
import { townRows } from './town'

/** However often gauges speak, it is asked for no more often than this. */
const LEAST_MS = 5000

export const useTownRain = defineStore('town-rain', () => {
  const board = useBoard()
  const gauges = useGauges()
  const found = ref<AreasRain | null>(null)
  const problem = ref<Problem | null>(null)
  const english = ref<Record<string, string>>({})
  const rows = computed(() => townRows(found.value, english.value))
  let timer: ReturnType<typeof setTimeout> | undefined
  let askedAt = 0
  const ask = inOrder()

  async function load(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const { world, moment } = board
    if (!world) return
    askedAt = Date.now()
    const isNewest = ask()
    const isWanted = () => world === board.world && !moment === !board.moment && isNewest()
    try {
      const got = await hazards.rainByTown(world, moment)
      if (!isWanted()) return
      found.value = got
      problem.value = null
    } catch (cause) {
      if (!isWanted()) return
      if (moment) found.value = null
      problem.value = cause instanceof Problem ? cause : new Problem(0, '分镇雨量打不开', 'The rain by town does not open')
    }
  }
  /** The windows' answer has Chinese names alone; a person who may not read the register keeps those. */
  async function loadEnglish(): Promise<void> {
    const { rows: towns } = await registers.list('admin_unit', { limit: 500 }).catch(() => ({ rows: [] }))
    english.value = Object.fromEntries(towns.map(({ values }) => [String(values.code), String(values.name_en ?? '')]))
  }
  function soon(): void {
    timer ??= setTimeout(() => void load(), Math.max(0, askedAt + (board.moment ? PAST_MS : LEAST_MS) - Date.now()))
  }
  watch([() => board.world, () => !board.moment], () => {
    clearTimeout(timer)
    timer = undefined
    found.value = problem.value = null
    askedAt = 0
  })
  watch([() => board.board !== null, () => board.world, () => gauges.version, () => board.moment], ([there]) => there && soon(), { immediate: true })
  onScopeDispose(() => clearTimeout(timer))
  return { rows, found, problem, load, loadEnglish }
})
