/** What the person at this screen is doing: the one piece of work that is open, its drafts, and where to look. */
import type { Position } from 'geojson'
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
}
export interface RoadDraft {
  lon: number | null
  lat: number | null
  road: string
  reason: string
}
export type Look = { lon: number; lat: number; zoom?: number } | { line: Position[] } | 'all'

const freshReport = (): ReportDraft => ({
  id: uuid(), kind: '', title: '', place: '', lon: null, lat: null, grade: '', source: 'phone', note: '', occurred: '',
})
const freshRoad = (): RoadDraft => ({ lon: null, lat: null, road: '', reason: '' })

export const useWork = defineStore('work', () => {
  const work = ref<Work>({ kind: 'none' })
  const offers = shallowRef<Offer[]>([])
  const offered = ref('')
  const look = shallowRef<Look | null>(null)
  const roadLine = shallowRef<Position[]>([])
  const closureShown = ref('')
  const layersOpen = ref(false)
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
    work.value = next
  }
  const close = () => open({ kind: 'none' })
  const lookAt = (lon: number, lat: number, zoom?: number) => (look.value = zoom === undefined ? { lon, lat } : { lon, lat, zoom })
  const lookAlong = (line: Position[]) => (look.value = { line })
  const lookAtAll = () => (look.value = 'all')
  const incidentId = computed(() => (work.value.kind === 'incident' ? work.value.id : ''))
  const teamId = computed(() => (work.value.kind === 'team' ? work.value.id : ''))

  return { work, offers, offered, roadLine, look, closureShown, layersOpen, report, road, incidentId, teamId, open, close, lookAt, lookAlong, lookAtAll }
})
