/** The director (导播) on this page: where this page's map looks, the screens known, and what this page is as a screen. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { SceneId, Screen, Shown } from '@/api/types'
import type { Pointer } from '@/api/screens'
import { useWords } from '@/lib/words'
import { useBoard } from '@/stores/board'
import { useSettings } from '@/stores/settings'
import { useWork } from '@/stores/work'
import { seen, type Rule } from './sensitive'

/** Where a map looks; `zoom` as on a 1080p screen. */
export type View = Pick<Shown, 'lon' | 'lat' | 'zoom' | 'pitch' | 'bearing'>

export const useDirector = defineStore('director', () => {
  const { t } = useWords()
  const board = useBoard()
  const settings = useSettings()
  const work = useWork()
  /** This page's map says where it looks, and goes where it is told. */
  const map = shallowRef<{ view(): View; fly(to: View): void } | null>(null)
  /** The director's box is open. */
  const open = ref(false)
  /** The name of this page as a screen; empty on an operator's wall. */
  const name = ref('')
  const screens = computed<Screen[]>(() => Object.values(board.board?.screens ?? {}).sort((a, b) => a.name.localeCompare(b.name, 'zh')))
  const mine = computed(() => (name.value ? (board.board?.screens?.[name.value] ?? null) : null))
  const shown = computed(() => mine.value?.shown ?? null)
  const own = computed<SceneId>(() => mine.value?.home ?? (board.isDrill ? 'drill' : 'daily'))
  const scene = computed<SceneId | ''>(() => (name.value ? (shown.value?.scene ?? own.value) : settings.scene))
  const rule = computed<Rule>(() => (name.value ? (mine.value?.sensitive ?? 'hide') : null))
  const visible = computed(() => {
    void board.version
    return seen(board.board, rule.value, t('screen.sensitiveTitle'))
  })
  /** What this operator has open or has picked on the map, as something to point at. */
  const pointed = computed<Pointer | null>(() => {
    const { work: now, feature } = work
    if (now.kind === 'incident' || now.kind === 'team' || now.kind === 'hazard' || now.kind === 'gauge') return { kind: now.kind, id: now.id, lon: null, lat: null }
    if (feature?.geometry.type !== 'Point') return null
    const [lon = 0, lat = 0] = feature.geometry.coordinates
    return { kind: 'place', id: '', lon, lat }
  })
  /** A word for something pointed at; of a sensitive incident none. */
  function called(at: { kind: string; id: string } | null): string {
    const held = board.board
    if (!at || !held) return ''
    if (at.kind === 'incident') return visible.value.incidents.find((one) => one.id === at.id)?.title ?? ''
    const table = { team: held.teams, shelter: held.shelters, hazard: held.hazards, gauge: held.gauges }[at.kind] as Record<string, { name: string }> | undefined
    return table?.[at.id]?.name ?? ''
  }
  return { map, open, name, screens, mine, shown, own, scene, rule, visible, pointed, called }
})
