/** The acts of the wall, once: its keys, the key help and the palette all read this list. */
import { inOrder } from '@/wall/order'
import { useRelief } from '@/map/relief'
import { useDirector } from '@/scenes/director'
import { SCENES } from '@/scenes/scenes'
import { goTo, page, world } from '@/router'
import { useReplay } from '@/replay/replay'
import { useBoard } from '@/stores/board'
import { useSession } from '@/stores/session'
import { useSettings } from '@/stores/settings'
import { useWork, type Work } from '@/stores/work'
import { useOverlay } from './overlay'

type Panel = 'roads' | 'models' | 'weather' | 'responses' | 'tasks' | 'callouts' | 'transfers' | 'allocation' | 'duty' | 'documents' | 'journal'
const INITIALS = { daily: 'ps', flood: 'fx', geohazard: 'dzzh', forest_fire: 'slhz', city_fire: 'cshz', drill: 'yldd' } as const
export interface Act {
  /** Its words are `palette.acts.<id>`. */
  id: string
  /** As it is pressed; letters in lower case. */
  key?: string
  /** First letters of its Chinese words, by sound. */
  initials: string
  /** The right it needs. */
  may?: string
  run(): void
}

export function useActs(): Act[] {
  const work = useWork()
  const board = useBoard()
  const session = useSession()
  const settings = useSettings()
  const overlay = useOverlay()
  const replay = useReplay()
  const relief = useRelief()
  const director = useDirector()

  /** From a desk one comes back to the wall first. */
  const wall = (act: () => void) => () => {
    if (page.value.name !== 'wall') goTo({ name: 'wall', world: world.value })
    act()
  }
  const panel = (kind: Panel, key: string, initials: string): Act => ({ id: kind, key, initials, run: wall(() => work.toggle(kind)) })
  const form = (id: string, next: Work, may: string, initials: string, key?: string): Act => ({ id, initials, may, ...(key ? { key } : {}), run: wall(() => work.open(next)) })
  function step(by: number): void {
    const rows = inOrder(board.incidents, board.dispatches)
    const next = rows[(rows.findIndex((row) => row.id === work.incidentId) + by + rows.length) % rows.length] ?? rows[0]
    if (next) work.open({ kind: 'incident', id: next.id })
  }
  return [
    form('report', { kind: 'report' }, 'incident.report', 'jb', 'n'),
    form('closeRoad', { kind: 'close-road' }, 'closure.set', 'fl', 'r'),
    form('warning', { kind: 'warning', id: '' }, 'warning.enter', 'lryj'),
    panel('responses', 'e', 'yjxy'),
    panel('tasks', 'a', 'rw'),
    panel('callouts', 'c', 'jy'),
    panel('transfers', 'p', 'ryzy'),
    panel('allocation', 'g', 'lhdp'),
    panel('duty', 's', 'zb'),
    panel('roads', 'd', 'dlfx'),
    panel('models', 'm', 'mxts'),
    panel('weather', 'w', 'qx'),
    { id: 'reports', key: 'i', initials: 'xxbs', run: () => void (work.incidentId && (work.reporting = !work.reporting)) },
    panel('documents', 'b', 'zb'),
    panel('journal', 'h', 'rz'),
    { id: 'search', key: '/', initials: 'cz', run: wall(() => (overlay.searchAsked = true)) },
    { id: 'next', key: 'j', initials: 'xysj', run: wall(() => step(1)) },
    { id: 'previous', key: 'k', initials: 'sysj', run: wall(() => step(-1)) },
    { id: 'replay', key: 't', initials: 'hf', run: wall(() => (replay.open ? replay.leave() : void replay.enter())) },
    { id: 'layers', key: 'l', initials: 'tc', run: wall(() => (work.layersOpen = !work.layersOpen)) },
    { id: 'relief', key: 'v', initials: 'ltpm', run: wall(() => void relief.toggle()) },
    ...SCENES.map((scene): Act => ({ id: `scene_${scene.id}`, key: scene.key, initials: INITIALS[scene.id], run: wall(() => settings.choose(scene.id)) })),
    { id: 'scene_none', key: '0', initials: 'bscj', run: wall(() => settings.choose('')) },
    { id: 'direct', key: 'o', initials: 'tddp', may: 'screen.show', run: wall(() => (director.open = !director.open)) },
    { id: 'fit', key: 'f', initials: 'qt', run: wall(() => work.lookAtAll()) },
    { id: 'alarms', key: 'x', initials: 'bjsy', run: () => overlay.toggle('alarms') },
    { id: 'language', initials: 'yy', run: () => (settings.lang = settings.lang === 'zh' ? 'en' : 'zh') },
    { id: 'signOut', initials: 'tc', run: () => void session.signOut() },
    { id: 'palette', key: ':', initials: 'ml', run: () => overlay.toggle('palette') },
    { id: 'help', key: '?', initials: 'bz', run: () => overlay.toggle('help') },
  ]
}
