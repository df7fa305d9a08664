/** The keys of the wall: those of the list of acts. None of them works while somebody types. */
import { onBeforeUnmount, onMounted } from 'vue'
import { typing } from '@/lib/typing'
import { useActs } from '@/palette/acts'
import { useOverlay } from '@/palette/overlay'
import { useSession } from '@/stores/session'
import { useWork } from '@/stores/work'

export function useKeys(): void {
  const work = useWork()
  const session = useSession()
  const overlay = useOverlay()
  const acts = new Map(useActs().flatMap((act) => (act.key && act.key !== ':' ? [[act.key, act] as const] : [])))

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (event.key === 'Escape') {
      if (typing(event.target)) (event.target as HTMLElement).blur()
      else if (overlay.close()) return
      else if (work.feature) work.feature = null
      else if (work.layersOpen) work.layersOpen = false
      else work.close()
      return
    }
    const act = typing(event.target) ? undefined : acts.get(event.key.toLowerCase())
    if (!act || (act.may && !session.can(act.may))) return
    event.preventDefault()
    if (act.id !== 'help') overlay.close()
    act.run()
  }
  onMounted(() => window.addEventListener('keydown', press))
  onBeforeUnmount(() => window.removeEventListener('keydown', press))
}
