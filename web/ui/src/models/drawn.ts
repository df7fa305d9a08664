/** Keeps the map in step with the models: the water at the moment looked at, and the roads it makes too deep. */
import { watch } from 'vue'
import type { MapController } from '@/map/controller'
import { collection } from '@/map/live'
import { useFire } from './fire'
import { useFlood } from './flood'

const NONE = collection([])

/** Call it in a component's setup; what it gives back draws on a map from then on. */
export function useModelsDrawn(): (control: MapController) => void {
  const flood = useFlood()
  const fire = useFire()
  let to: MapController | undefined

  const drawWater = () => to?.picture('flood', flood.address, flood.result?.corners ?? null)
  function drawRoads(): void {
    const { roads, result, step, shown } = flood
    if (!roads || !result || !shown) return void to?.feed('flood_roads', NONE)
    const now = result.frames_s[step] ?? 0
    const wet = roads.features.filter(({ properties: p }) => {
      const s = p.reached_s[String(result.close_cm)]
      return s !== null && s !== undefined && s <= now
    })
    to?.feed('flood_roads', collection(wet.map((one) => ({ ...one, properties: { ...one.properties, label: `${one.properties.peak_cm} cm` } }))))
  }
  const drawFire = () => to?.feed('fire_run', fire.shown && fire.shapes ? fire.shapes : NONE)
  watch(() => [fire.shapes, fire.shown], drawFire)
  watch(() => [flood.address, flood.result?.corners], drawWater)
  watch(() => [flood.roads, flood.step, flood.shown], drawRoads)
  return (control) => {
    to = control
    drawWater()
    drawRoads()
    drawFire()
  }
}
