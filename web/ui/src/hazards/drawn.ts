/** Keeps the map in step with gauges, zones and villages. */
import { watch } from 'vue'
import type { GaugeNow, Hazard } from '@/api/types'
import { useWords } from '@/lib/words'
import type { MapController } from '@/map/controller'
import { collection, ringOf } from '@/map/live'
import { useBoard } from '@/stores/board'
import { useWork } from '@/stores/work'
import { hazardIcon, lookOf, toldOf } from './hazard'
import { gaugeFeatures, hazardFeatures } from './features'
import { useMonitor } from './monitor'

/** Call it in a component's setup; what it gives back draws on a map from then on. */
export function useHazardsDrawn(): (control: MapController) => void {
  const { t } = useWords()
  const board = useBoard()
  const monitor = useMonitor()
  const work = useWork()
  let to: MapController | undefined

  const said = (row: Hazard) => [t(`hazard.told.${toldOf(row)}`), row.internal ? t('hazard.internal') : ''].filter(Boolean).join(' · ')
  const chosen = (kind: 'gauge' | 'hazard') => (work.work.kind === kind ? work.work.id : '')
  const element = (one: GaugeNow) => t(`gauge.elements.${one.element}`)
  function draw(): void {
    if (!board.board) return void ['gauge_state', 'hazard_state'].forEach((id) => to?.feed(id, collection([])))
    const ring = ringOf(board.state)
    to?.feed('gauge_state', gaugeFeatures(monitor.rows, ring, chosen('gauge'), element))
    to?.feed('hazard_state', hazardFeatures(board.hazards, chosen('hazard'), (row) => hazardIcon(lookOf(row)), said))
  }
  watch([() => monitor.rows, () => board.hazards, () => board.state, () => work.work, () => t('gauge.title')], draw)
  return (control) => {
    to = control
    draw()
  }
}
