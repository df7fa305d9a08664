/** Keeps the map in step with gauges, zones and villages. */
import { watch } from 'vue'
import type { GaugeNow, Hazard } from '@/api/types'
import { useWords } from '@/lib/words'
import type { MapController } from '@/map/controller'
import { crowd } from '@/map/crowd'
import { collection, ringOf } from '@/map/live'
import { useBoard } from '@/stores/board'
import { useWork } from '@/stores/work'
import { hazardIcon, lookOf, toldOf } from './hazard'
import { gaugeFeatures, hazardFeatures, standing } from './features'
import { useMonitor } from './monitor'

/** At 1080p: pixels that a mark keeps to itself, and the zoom below which what says nothing is small. */
const REACH = 30
const QUIET_ZOOM = 12

/** Call it in a component's setup; what it gives back draws on a map from then on. */
export function useHazardsDrawn(): (control: MapController) => void {
  const { t } = useWords()
  const board = useBoard()
  const monitor = useMonitor()
  const work = useWork()
  let to: MapController | undefined
  /** What is drawn was put in place for this zoom and screen. */
  let put = ''
  const view = () => (to ? `${to.map.getZoom().toFixed(1)}:${to.scale}` : '')

  const said = (row: Hazard) => [t(`hazard.told.${toldOf(row)}`), row.internal ? t('hazard.internal') : ''].filter(Boolean).join(' · ')
  const chosen = (kind: 'gauge' | 'hazard') => (work.work.kind === kind ? work.work.id : '')
  const element = (one: GaugeNow) => t(`gauge.elements.${one.element}`)
  function draw(): void {
    if (!board.board) return void ['gauge_state', 'hazard_state'].forEach((id) => to?.feed(id, collection([])))
    const ring = ringOf(board.state)
    if (!to) return
    const marks = [
      ...hazardFeatures(board.hazards, chosen('hazard'), (row, glyph) => hazardIcon({ ...lookOf(row), ...(glyph ? {} : { glyph: '' }) }), said),
      ...gaugeFeatures(monitor.rows, ring, chosen('gauge'), element),
    ]
    const [zoom, reach] = [to.map.getZoom(), REACH * to.scale]
    const stood = standing(marks, (all) => crowd(all, zoom, reach, (one) => zoom - Math.log2(to!.scale) < QUIET_ZOOM && one.properties?.quiet === true))
    for (const kind of ['hazard', 'gauge']) to.feed(`${kind}_state`, collection(stood.filter((one) => one.properties?.kind === kind)))
    put = view()
  }
  watch([() => monitor.rows, () => board.hazards, () => board.state, () => work.work, () => t('gauge.title')], draw)
  return (control) => {
    to = control
    for (const moved of ['zoomend', 'style.load'] as const) control.map.on(moved, () => view() !== put && draw())
    draw()
  }
}
