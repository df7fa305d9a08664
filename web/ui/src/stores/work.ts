/** What the person at this screen is doing: the one piece of work that is open, its drafts, and where to look. */
import type { Geometry, Position } from 'geojson'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Grade, IncidentKind, Offer, ReportSource } from '@/api/types'
import { useDraft, type Draft } from '@/lib/draft'
import { uuid } from '@/lib/uuid'
import { world } from '@/router'

export type Work =
  | { kind: 'none' }
  | { kind: 'incident'; id: string }
  | { kind: 'team'; id: string }
  | { kind: 'report' }
  | { kind: 'close-road' }
  | { kind: 'roads' }
  | { kind: 'models' }
  | { kind: 'weather' }
  | { kind: 'responses' }
  | { kind: 'tasks' }
  | { kind: 'callouts' }
  | { kind: 'transfers'; part?: 'shelters' }
  | { kind: 'duty' }
  | { kind: 'allocation' }
  /** With an id: one document; the journal of one incident. */
  | { kind: 'documents'; id?: string }
  | { kind: 'journal'; id?: string }
  | { kind: 'gauge'; id: string }
  | { kind: 'hazard'; id: string }
  /** One that is in force; without an id, to enter one. */
  | { kind: 'warning'; id: string }

export interface ReportDraft {
  /** Made here, so that sending twice reports once. */
  id: string
  kind: IncidentKind | ''
  title: string
  place: string
  lon: number | null
  lat: number | null
  grade: Grade | ''
  source: ReportSource
  note: string
  occurred: string
  /** When a post first knew: the report clock runs from there. */
  known: string
}
export interface RoadDraft {
  lon: number | null
  lat: number | null
  road: string
  /** The road's own number, so that at a junction no side road is taken for it. */
  roadId: number | null
  reason: string
  /** Shut for all, or a limit: for the kinds named, by depth of water in cm, by times slower. */
  scope: 'all' | 'some'
  kinds: string[]
  depth: string
  slower: string
}
/** A place clicked, and which live thing of ours stands there. */
export interface Clicked {
  lon: number
  lat: number
  source: string
  id: string
  name: string
}
/** Who takes the next clicks on the map before anything else; `take` says whether it wanted this one. */
export interface Taker {
  take(at: Clicked): boolean
  /** Any place will do, also one found by name. */
  anywhere: boolean
  /** The very place is wanted, not the thing of ours that stands there. */
  exact?: boolean
}
export type Look = { lon: number; lat: number; zoom?: number; ifHidden?: boolean } | { line: Position[] } | 'all'
/** A located thing chosen by its name; `road` where it is itself a road. */
export interface Spotted {
  name: string
  lon: number
  lat: number
  road: boolean
}

/** A row of a register that was pointed at on the map. */
export interface Feature {
  register: string
  id: string
  name: string
  geometry: Geometry
}

const freshReport = (): ReportDraft => ({
  id: uuid(), kind: '', title: '', place: '', lon: null, lat: null, grade: '', source: 'phone', note: '', occurred: '', known: '',
})
const freshRoad = (): RoadDraft => ({ lon: null, lat: null, road: '', roadId: null, reason: '', scope: 'all', kinds: [], depth: '', slower: '' })

export const useWork = defineStore('work', () => {
  const work = ref<Work>({ kind: 'none' })
  const offers = shallowRef<Offer[]>([])
  const offered = ref('')
  const look = shallowRef<Look | null>(null)
  const roadLine = shallowRef<Position[]>([])
  /** For the close-road form: where the map is to take the road, once it has flown there. */
  const roadSought = shallowRef<Spotted | null>(null)
  /** The place text that a search wrote; the next search may write over it. */
  const placeFound = ref('')
  const closureShown = ref('')
  const layersOpen = ref(false)
  /** The reports of the open incident are spread out. */
  const reporting = ref(false)
  const feature = shallowRef<Feature | null>(null)
  const taker = shallowRef<Taker | null>(null)
  /** What is being drawn on the map by clicks. */
  const sketch = shallowRef<Geometry[]>([])
  const drafts = new Map<string, Draft<object>>()

  function draft<V extends object>(name: string, fresh: () => V): Draft<V> {
    const key = `${name}:${world.value}`
    let found = drafts.get(key)
    if (!found) drafts.set(key, (found = useDraft(key, fresh)))
    return found as Draft<V>
  }
  const report = computed(() => draft('report', freshReport))
  const road = computed(() => draft('road', freshRoad))

  function open(next: Work): void {
    offers.value = []
    offered.value = ''
    roadLine.value = []
    roadSought.value = null
    taker.value = null
    reporting.value = false
    work.value = next
  }
  const placing = computed(() => work.value.kind === 'report' || work.value.kind === 'close-road' || taker.value?.anywhere === true)
  /** Gives the open form the point of something found by name. */
  function spot(found: Spotted): void {
    if (work.value.kind === 'close-road') roadSought.value = found
    if (taker.value?.anywhere) return void taker.value.take({ ...found, source: '', id: '' })
    if (work.value.kind !== 'report') return
    const { value } = report.value
    Object.assign(value, { lon: found.lon, lat: found.lat })
    if (!value.place.trim() || value.place === placeFound.value) value.place = placeFound.value = found.name
  }
  const close = () => open({ kind: 'none' })
  function toggle(kind: 'report' | 'close-road' | 'roads' | 'models' | 'weather' | 'responses' | 'tasks' | 'callouts' | 'transfers' | 'duty' | 'allocation' | 'documents' | 'journal'): void {
    if (work.value.kind === kind) close()
    else open({ kind })
  }
  const lookAt = (lon: number, lat: number, zoom?: number) => (look.value = zoom === undefined ? { lon, lat } : { lon, lat, zoom })
  const lookIfHidden = (lon: number, lat: number) => (look.value = { lon, lat, ifHidden: true })
  const lookAlong = (line: Position[]) => (look.value = { line })
  const lookAtAll = () => (look.value = 'all')
  const incidentId = computed(() => (work.value.kind === 'incident' ? work.value.id : ''))
  const teamId = computed(() => (work.value.kind === 'team' ? work.value.id : ''))

  return { work, taker, sketch, offers, offered, roadLine, roadSought, placing, look, closureShown, layersOpen, reporting, feature, report, road, incidentId, teamId, open, close, toggle, spot, lookAt, lookIfHidden, lookAlong, lookAtAll }
})
