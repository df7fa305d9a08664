/** Keeps the map in step with the weather: tracks of typhoons, the rain between the gauges. */
import { watch } from 'vue'
import { useWords } from '@/lib/words'
import type { MapController } from '@/map/controller'
import { useBoard } from '@/stores/board'
import { cycloneFeatures, reach } from './cyclone'
import { useField } from './field'

/** Call it in a component's setup; what it gives back draws on a map from then on. */
export function useWeatherDrawn(): (control: MapController) => void {
  const { t } = useWords()
  const board = useBoard()
  const field = useField()
  let to: MapController | undefined
  const rows = () => Object.values(board.board?.cyclones ?? {})
  function drawTracks(): void {
    to?.feed('cyclones', cycloneFeatures(rows(), board.worldNow, (force) => t('weather.force', { n: force }), (hours) => t('weather.watch', { n: hours })))
    to?.widen(reach(rows()))
  }
  const drawField = () => to?.picture('rain_field', field.picture?.picture ?? null, field.picture?.corners ?? null)
  watch([() => board.version, () => board.board?.cyclones, () => t('weather.title')], drawTracks)
  watch(() => field.picture, drawField)
  return (control) => {
    to = control
    drawTracks()
    drawField()
  }
}
