/** Keeps the map in step with the models: the water at the moment looked at, and the roads it makes too deep. */
import type { Feature, Geometry } from 'geojson'
import { watch } from 'vue'
import type { MapController } from '@/map/controller'
import { collection } from '@/map/live'
import { useFire } from './fire'
import { useFlood } from './flood'
import { useGas } from './gas'

const NONE = collection([])
const WAYS = 5

/** Call it in a component's setup; what it gives back draws on a map from then on. */
export function useModelsDrawn(): (control: MapController) => void {
  const flood = useFlood()
  const fire = useFire()
  const gas = useGas()
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
  function drawGas(): void {
    const { answer, spot } = gas
    const features: Feature[] = []
    const put = (kind: string, geometry: Geometry) => features.push({ type: 'Feature', geometry, properties: { kind } })
    if (answer) {
      for (const kind of ['isolation', 'sector', 'upwind'] as const) put(kind, answer[kind])
      for (const one of answer.approaches.slice(0, WAYS)) if (one.route) put('way', one.route)
    }
    if (spot) put('spot', { type: 'Point', coordinates: [spot.lon, spot.lat] })
    to?.feed('gas_zones', collection(features))
  }
  watch(() => [gas.answer, gas.spot], drawGas)
  const drawFire = () => to?.feed('fire_run', fire.shown && fire.shapes ? fire.shapes : NONE)
  watch(() => [fire.shapes, fire.shown], drawFire)
  watch(() => [flood.address, flood.result?.corners], drawWater)
  watch(() => [flood.roads, flood.step, flood.shown], drawRoads)
  return (control) => {
    to = control
    drawWater()
    drawRoads()
    drawFire()
    drawGas()
  }
}
