/** The keys of the wall. None of them works while somebody types. */
import { onBeforeUnmount, onMounted } from 'vue'
import { useBoard } from '@/stores/board'
import { useSession } from '@/stores/session'
import { useWork } from '@/stores/work'
import { inOrder } from './order'

export function typing(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !/^(range|checkbox|radio|button)$/.test(target.type)
  return target instanceof HTMLElement && (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName))
}

export function useKeys(on: { search(): void; replay(): void; help(): void; closeHelp(): boolean }): void {
  const work = useWork()
  const board = useBoard()
  const session = useSession()

  function step(by: number): void {
    const rows = inOrder(board.incidents, board.dispatches)
    const next = rows[(rows.findIndex((row) => row.id === work.incidentId) + by + rows.length) % rows.length] ?? rows[0]
    if (next) work.open({ kind: 'incident', id: next.id })
  }
  const acts: Record<string, () => void> = {
    n: () => session.can('incident.report') && work.open({ kind: 'report' }),
    r: () => session.can('closure.set') && work.open({ kind: 'close-road' }),
    d: () => work.toggle('roads'),
    m: () => work.toggle('models'),
    e: () => work.toggle('responses'),
    a: () => work.toggle('tasks'),
    c: () => work.toggle('callouts'),
    p: () => work.toggle('transfers'),
    g: () => work.toggle('allocation'),
    s: () => work.toggle('duty'),
    b: () => work.toggle('documents'),
    h: () => work.toggle('journal'),
    i: () => work.incidentId && (work.reporting = !work.reporting),
    t: on.replay,
    l: () => (work.layersOpen = !work.layersOpen),
    f: () => work.lookAtAll(),
    j: () => step(1),
    k: () => step(-1),
    '/': on.search,
    '?': on.help,
  }
  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (event.key === 'Escape') {
      if (typing(event.target)) (event.target as HTMLElement).blur()
      else if (on.closeHelp()) return
      else if (work.feature) work.feature = null
      else if (work.layersOpen) work.layersOpen = false
      else work.close()
      return
    }
    const act = typing(event.target) ? undefined : acts[event.key.toLowerCase()]
    if (!act) return
    event.preventDefault()
    act()
  }
  onMounted(() => window.addEventListener('keydown', press))
  onBeforeUnmount(() => window.removeEventListener('keydown', press))
}
