/** Keeps the map in step with the models: the water at the moment looked at, and the roads it makes too deep. */
import type { Feature, FeatureCollection, Geometry } from 'geojson'
import { watch } from 'vue'
import { models } from '@/api/models'
import type { MapController } from '@/map/controller'
import { WATER, waterLook } from '@/map/layers/models'
import { collection } from '@/map/live'
import { useRelief } from '@/map/relief'
import { useBoard } from '@/stores/board'
import { shows } from '@/scenes/scenes'
import { useSettings } from '@/stores/settings'
import { useWork } from '@/stores/work'
import { useDanger } from './danger'
import { useFire } from './fire'
import { useFlood } from './flood'
import { useGas } from './gas'
import { useRelease } from './release'
import { useSight } from './sight'
import { useScreening } from './screening'
import { useTold } from './told'

const NONE = collection([])
const WAYS = 5

/** Call it in a component's setup; what it gives back draws on a map from then on. */
export function useModelsDrawn(): (control: MapController) => void {
  const flood = useFlood()
  const fire = useFire()
  const gas = useGas()
  const release = useRelease()
  const danger = useDanger()
  const screening = useScreening()
  const told = useTold()
  const sight = useSight()
  const work = useWork()
  const relief = useRelief()
  const board = useBoard()
  const settings = useSettings()
  let to: MapController | undefined

  /** Water is for the scenes that show it, and for a wall without a scene. */
  const wet = () => shows(settings.onScreen || settings.scene, 'flood_roads') !== false
  const drawWater = () => to?.picture('flood', wet() ? flood.address : null, flood.result?.corners ?? null)
  const drawScreening = () => to?.picture('screening', screening.address, screening.answer?.corners ?? null)
  const drawTold = () => to?.feed('flood_told', collection(work.work.kind === 'models' ? told.features : []))
  let asked = ''
  /** The water stands in the 2.5-D scene: fetched once a run, then dressed for each moment. */
  function drawWaterStanding(): void {
    const run = relief.on && flood.shown && flood.result ? (flood.done?.id ?? '') : ''
    if (run !== asked) to?.feed('flood_water', NONE)
    if (run && run !== asked)
      void fetch(models.water(board.world, run)).then(async (found) => {
        if (found.ok && asked === run) to?.feed('flood_water', (await found.json()) as FeatureCollection)
      }, () => (asked = ''))
    asked = run
    if (run && flood.result) to?.dress(WATER, waterLook(flood.step, flood.result.bands_cm))
  }
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
    const put = (kind: string, geometry: Geometry, label = '') => features.push({ type: 'Feature', geometry, properties: { kind, label } })
    if (answer) {
      for (const kind of ['isolation', 'sector', 'upwind'] as const) put(kind, answer[kind])
      for (const one of answer.approaches.slice(0, WAYS)) if (one.route) put('way', one.route)
    }
    for (const one of release.plume.answer?.levels ?? []) put('plume', one.area, `${one.mg_m3} mg/m³`)
    for (const one of release.heat.answer?.radii ?? []) put('heat', one.area, `${one.kw_m2} kW/m²`)
    if (spot) put('spot', { type: 'Point', coordinates: [spot.lon, spot.lat] })
    to?.feed('gas_zones', collection(features))
  }
  function drawSight(): void {
    const features: Feature[] = []
    const put = (kind: string, geometry: Geometry) => features.push({ type: 'Feature', geometry, properties: { kind } })
    const point = (at: { lon: number; lat: number }) => [at.lon, at.lat]
    const { eye, target } = sight
    const found = sight.line.answer
    if (sight.view.answer) put('seen', sight.view.answer.seen)
    if (eye && target && found) {
      const cut = found.obstacle ?? target
      put('line', { type: 'LineString', coordinates: [point(eye), point(cut)] })
      if (found.obstacle) put('lost', { type: 'LineString', coordinates: [point(cut), point(target)] })
    }
    for (const [kind, at] of Object.entries({ eye, target, obstacle: found?.obstacle })) if (at) put(kind, { type: 'Point', coordinates: point(at) })
    to?.feed('sight', collection(features))
  }
  watch(() => [sight.eye, sight.target, sight.view.answer, sight.line.answer], drawSight)
  watch(() => [gas.answer, gas.spot, release.plume.answer, release.heat.answer], drawGas)
  const drawDanger = () => to?.picture('danger', danger.map.answer?.picture ?? null, danger.map.answer?.corners ?? null)
  watch(() => danger.map.answer, drawDanger)
  const drawFire = () => to?.feed('fire_run', fire.shown && fire.shapes ? fire.shapes : NONE)
  watch(() => [fire.shapes, fire.shown], drawFire)
  watch(() => [screening.address, screening.answer?.corners], drawScreening)
  watch(() => [told.features, work.work.kind], drawTold)
  watch(() => [flood.address, flood.result?.corners, settings.onScreen, settings.scene], drawWater)
  watch(() => [flood.roads, flood.step, flood.shown], drawRoads)
  watch(() => [relief.on, flood.done?.id, flood.step, flood.shown], drawWaterStanding)
  return (control) => {
    to = control
    drawWater()
    drawWaterStanding()
    drawScreening()
    drawTold()
    drawRoads()
    drawFire()
    drawGas()
    drawSight()
    drawDanger()
  }
}
