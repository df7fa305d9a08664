/** What the gauges of a world amount to, for map and panels alike. */
import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { GaugeNow } from '@/api/types'
import type { Ring } from '@/map/icons/draw'
import { useBoard } from '@/stores/board'
import { useGauges } from '@/stores/gauges'
import { alarming, freshnessOf, isGauge, isOver, stateOf } from './gauge'
import { hazardsInOrder, summed } from './hazard'

export interface GaugeRow {
  gauge: GaugeNow
  state: GaugeNow['state']
  fresh: Ring
  over: boolean
}
const TICK_MS = 10_000

export const useMonitor = defineStore('monitor', () => {
  const board = useBoard()
  const gauges = useGauges()
  /** World time, no finer than freshness needs. */
  const now = computed(() => Math.floor(board.worldNow / TICK_MS) * TICK_MS)
  const rows = computed<GaugeRow[]>(() => {
    const alarms = alarming(board.hazards)
    void board.version
    return gauges.all
      .filter((gauge) => isGauge(gauge.element))
      .map((gauge) => {
        const state = stateOf(gauge, board.board?.gauges[gauge.code])
        return { gauge, state, fresh: freshnessOf(gauge, state, now.value), over: isOver(gauge, state, gauges.limits[gauge.code], alarms) }
      })
  })
  const over = computed(() => rows.value.filter((row) => row.over))
  const silent = computed(() => rows.value.filter((row) => row.state === 'silent'))
  const hazards = computed(() => hazardsInOrder(board.hazards))
  const sums = computed(() => summed(board.hazards))
  const row = (code: string) => rows.value.find((one) => one.gauge.code === code)
  return { rows, over, silent, hazards, sums, row }
})
