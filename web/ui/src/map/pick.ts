/** What a click or a hover on the map means. */
import * as maplibregl from 'maplibre-gl'
import type { Closure } from '@/api/types'
import { useBoard } from '@/stores/board'
import { useNotice } from '@/stores/notice'
import { useWork, type Spotted } from '@/stores/work'
import { useRegisters } from '@/stores/registers'
import { useSession } from '@/stores/session'
import type { MapController } from './controller'
import { POINTED } from './layers/register'
import { nearestOn, type Spot } from './nearest'

const LIVE = ['incidents-icon', 'teams-icon', 'teams-scene', 'hazard_state-icon', 'hazard_state-small', 'cyclones-point', 'gauge_state-icon', 'gauge_state-small', 'closures-sign', 'closures-bed']
const TAKEN = ['incidents-icon', 'teams-icon', 'teams-scene', 'coverage-shelter']
const ROADS = ['roads-line', 'roads-tunnel', 'roads-path']

export interface Words {
  shelter(capacity: unknown): string
  closedFor(row: Closure): string
  unnamed(): string
  notRoad(): string
  team(state: string): string
  register(title_zh: string, title_en: string): string
}

/** Binds clicks and hovers; gives back how to take a road that was chosen by name. */
export function bindPicking(control: MapController, words: Words): (sought: Spotted) => void {
  const { map } = control
  const board = useBoard()
  const work = useWork()
  const session = useSession()
  const notice = useNotice()
  const registers = useRegisters()
  const shown = (source: string) => registers.layers.find((layer) => layer.id === source && layer.kind === 'vector' && layer.group !== 'base')
  const still = () => POINTED.flatMap((part) => registers.layers.filter((layer) => layer.register_key && layer.group !== 'base').map((layer) => `${layer.id}-${part}`))
  const popup = new maplibregl.Popup({ closeButton: false, closeOnClick: false, offset: 28 * (parseFloat(getComputedStyle(document.documentElement).fontSize) / 16), maxWidth: '24rem' })

  /** The nearest road within reach; a path only where no carriageway is near. */
  function roadAt(point: maplibregl.Point, named = ''): { id: number | null; name: string; spot: Spot } | null {
    let best: { id: number | null; name: string; spot: Spot; cost: number } | null = null
    for (const hit of control.near(point, ROADS, 32)) {
      const spot = nearestOn(map, point, hit.geometry)
      if (!spot) continue
      const cost = spot.away + (hit.layer.id === 'roads-path' ? 10 : 0) + (named && hit.properties.name !== named ? 100 : 0)
      if (!best || cost < best.cost) best = { id: (hit.properties.id as number | undefined) ?? null, name: (hit.properties.name as string | undefined) || words.unnamed(), spot, cost }
    }
    return best
  }
  function place(point: maplibregl.Point, lon: number, lat: number): boolean {
    const report = work.report.value
    if (work.work.kind === 'report') {
      Object.assign(report, { lon: round(lon), lat: round(lat) })
      const road = report.place ? null : roadAt(point)
      if (road && road.name !== words.unnamed()) report.place = road.name
      return true
    }
    if (work.work.kind !== 'close-road') return false
    setRoad(roadAt(point), lon, lat)
    return true
  }
  function setRoad(road: ReturnType<typeof roadAt>, lon: number, lat: number): void {
    work.roadSought = null
    if (!road) notice.say(words.notRoad(), 'fault')
    const [x, y] = road?.spot.at ?? [lon, lat]
    work.roadLine = road?.spot.line ?? []
    Object.assign(work.road.value, { lon: road ? round(x) : null, lat: road ? round(y) : null, road: road?.name ?? '', roadId: road?.id ?? null })
  }
  /** As a click there would, once the view has come to rest and its roads are drawn. */
  function seek(sought: Spotted): void {
    map.once('idle', () => {
      if (work.roadSought !== sought) return
      setRoad(roadAt(map.project([sought.lon, sought.lat]), sought.road ? sought.name : ''), sought.lon, sought.lat)
    })
    map.triggerRepaint()
  }

  /** Whether the open panel wants the place clicked, or what stands there. */
  function taken(point: maplibregl.Point, lon: number, lat: number): boolean {
    if (!work.taker) return false
    const hit = work.taker.exact ? undefined : control.near(point, TAKEN)[0]
    const id = (hit?.properties.id as string | undefined) ?? ''
    const row = board.board?.incidents[id] ?? board.board?.teams[id]
    const name = row ? ('title' in row ? row.title : row.name) : ''
    return work.taker.take({ lon: row?.lon ?? round(lon), lat: row?.lat ?? round(lat), source: hit?.source ?? '', id, name })
  }

  map.on('click', ({ point, lngLat }) => {
    if (taken(point, lngLat.lng, lngLat.lat) || place(point, lngLat.lng, lngLat.lat)) return
    const hit = control.near(point, LIVE)[0] ?? control.near(point, still(), 4)[0]
    const id = hit?.properties.id as string | undefined
    work.feature = null
    if (!hit || !id) return
    const key = shown(hit.source)?.register_key
    if (key) return void (work.feature = { register: key, id, name: (hit.properties.name as string | undefined) ?? '', geometry: hit.geometry })
    if (hit.source === 'incidents') work.open({ kind: 'incident', id })
    else if (hit.source === 'teams') work.open({ kind: 'team', id })
    else if (hit.source === 'gauge_state') work.open({ kind: 'gauge', id })
    else if (hit.source === 'hazard_state') work.open({ kind: 'hazard', id })
    else if (hit.source === 'cyclones') work.open({ kind: 'weather' })
    else work.closureShown = id
  })
  map.on('contextmenu', ({ point, lngLat }) => {
    if (!session.can('incident.report') || work.work.kind === 'close-road') return
    work.open({ kind: 'report' })
    place(point, lngLat.lng, lngLat.lat)
  })

  function tell(hit: maplibregl.MapGeoJSONFeature): { title: string; more: string } | null {
    const { id, name } = hit.properties as { id?: string; name?: string }
    if (hit.source === 'incidents') {
      const row = board.board?.incidents[id ?? '']
      return row ? { title: row.title, more: row.place } : null
    }
    if (hit.source === 'teams') {
      const row = board.board?.teams[id ?? '']
      return row ? { title: row.name, more: words.team(row.state) } : null
    }
    if (hit.source.startsWith('closure')) {
      const row = board.board?.closures[id ?? '']
      return row ? { title: row.road_name || words.unnamed(), more: words.closedFor(row) } : null
    }
    if (hit.source === 'gauge_state' || hit.source === 'hazard_state') return { title: name ?? '', more: (hit.properties.more as string | undefined) ?? '' }
    const layer = shown(hit.source)
    const kind = layer ? words.register(layer.title_zh, layer.title_en) : ''
    return { title: name ?? '', more: hit.source === 'shelters' ? words.shelter(hit.properties.capacity) : kind }
  }
  let waiting = 0
  map.on('mousemove', ({ point, lngLat }) => {
    const now = performance.now()
    if (now - waiting < 60) return
    waiting = now
    const { placing } = work
    const hit = control.near(point, LIVE, 3)[0] ?? control.near(point, still(), 3)[0]
    map.getCanvas().style.cursor = placing ? 'crosshair' : hit ? 'pointer' : ''
    const said = hit && !placing ? tell(hit) : null
    if (!hit || !said?.title) return void popup.remove()
    const at = hit.geometry.type === 'Point' && !hit.properties.slot ? (hit.geometry.coordinates as [number, number]) : lngLat
    popup.setLngLat(at).setDOMContent(card(said)).addTo(map)
  })
  map.on('mouseout', () => popup.remove())
  return seek
}

function card({ title, more }: { title: string; more: string }): HTMLElement {
  const box = document.createElement('div')
  const head = box.appendChild(document.createElement('strong'))
  head.textContent = title
  if (more) box.appendChild(document.createElement('div')).textContent = more
  return box
}
const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6
