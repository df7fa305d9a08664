/** What the palette offers: acts, pages and scenes that this account may use, and what stands on the board by name. */
import { computed } from 'vue'
import { english, i18n } from '@/i18n'
import { useWords } from '@/lib/words'
import { goTo, type Page } from '@/router'
import { useDesks } from '@/desk/desks'
import { useBoard } from '@/stores/board'
import { useRegisters } from '@/stores/registers'
import { useSession } from '@/stores/session'
import { useWork, type Work } from '@/stores/work'
import { useActs } from './acts'
import type { Findable } from './match'

export type Group = 'acts' | 'pages' | 'scenes' | 'incidents' | 'teams' | 'shelters' | 'places'
export interface Entry extends Findable {
  id: string
  group: Group
  title: string
  key?: string
  /** Of a team or a shelter. */
  code?: string
  run(): void
}

/** A message in both languages, so that either finds it. */
function both(path: string): string[] {
  const { t } = i18n.global
  void english()
  return [t(path, {}, { locale: 'zh' }), t(path, {}, { locale: 'en' })]
}

export function useEntries() {
  // Either language finds an entry, whichever is shown.
  void english().catch(() => undefined)
  const { t } = useWords()
  const board = useBoard()
  const registers = useRegisters()
  const session = useSession()
  const work = useWork()
  const acts = useActs()
  const desks = useDesks()
  const show = (at: { lon: number; lat: number }, next?: Work) => () => {
    if (next) work.open(next)
    work.lookAt(at.lon, at.lat, 15)
  }
  const go = (to: Page) => () => goTo(to)

  const own = computed<Entry[]>(() =>
    acts
      .filter((act) => act.id !== 'palette' && (!act.may || session.can(act.may)))
      .map((act) => ({ id: `act:${act.id}`, group: 'acts', title: t(`palette.acts.${act.id}`), names: both(`palette.acts.${act.id}`), initials: act.initials, run: act.run, ...(act.key ? { key: act.key } : {}) })),
  )
  const pages = computed<Entry[]>(() => desks.value.map((desk) => ({ id: `page:${desk.id}`, group: 'pages', title: t(`desks.names.${desk.id}`), names: both(`desks.names.${desk.id}`), initials: desk.initials, run: go(desk.to) })))
  const scenes = computed<Entry[]>(() =>
    registers.worlds.map((one) => ({ id: `scene:${one.name}`, group: 'scenes', title: `${t(`world.${one.kind}`)} · ${one.title || one.name}`, names: [...both(`world.${one.kind}`), one.title, one.name], run: go({ name: 'wall', world: one.name }) })),
  )
  const things = computed<Entry[]>(() => [
    ...board.incidents.map((row): Entry => ({ id: `incident:${row.id}`, group: 'incidents', title: row.title, names: [row.title, row.place, row.no], run: show(row, { kind: 'incident', id: row.id }) })),
    ...board.teams.map((row): Entry => ({ id: `team:${row.id}`, group: 'teams', title: row.name, names: [row.name, row.code], code: row.code, run: show(row, { kind: 'team', id: row.id }) })),
    ...(board.board ? (registers.shelters ?? []) : []).map((row): Entry => ({ id: `shelter:${row.id}`, group: 'shelters', title: row.name, names: [row.name, row.code], code: row.code, run: show(row) })),
  ])
  return { fixed: computed(() => [...own.value, ...pages.value, ...scenes.value]), things, show }
}

const KEY = 'baochu:recent'
const KEPT = 8
/** What was chosen last, the newest first; kept in this browser. */
export function recentIds(): string[] {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? '[]') as string[]).slice(0, KEPT)
  } catch {
    return []
  }
}
export function remember(id: string): void {
  localStorage.setItem(KEY, JSON.stringify([id, ...recentIds().filter((one) => one !== id)].slice(0, KEPT)))
}
